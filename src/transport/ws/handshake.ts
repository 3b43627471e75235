import type { WebSocket } from 'ws';
import { ConnectError } from '../../errors.js';
import type { Ears, Line } from '../../../types/index.js';
import type { Dial } from './dial.js';
import { lineOver } from './line.js';
import { refusal } from './refusal.js';
import { withoutSecrets } from './secrets.js';

/** From dialling to an open line. Whatever comes between, nothing is left open. */
export function opened(dial: Dial, ears: Ears, signal: AbortSignal): Promise<Line> {
  return new Promise((resolve, reject) => {
    let socket: WebSocket | undefined;
    let settled = false;
    const settle = (): void => {
      settled = true;
      signal.removeEventListener('abort', abort);
    };
    const fail = (error: Error): void => {
      settle();
      reject(error);
      socket?.terminate();
    };
    const abort = (): void => fail(new ConnectError({ kind: 'aborted' }));
    if (signal.aborted) {
      abort();
      return;
    }
    signal.addEventListener('abort', abort);

    dial().then((dialled) => {
      socket = dialled;
      socket.on('error', (error) => settled || fail(unreachable(error, hostOf(dialled))));
      if (settled) {
        socket.terminate();
        return;
      }
      socket.on('unexpected-response', (request, response) => {
        void refusal(request, response).then(fail);
      });
      socket.on('open', () => {
        settle();
        resolve(lineOver(dialled, ears));
      });
    }, fail);
  });
}

function unreachable(error: NodeJS.ErrnoException, host: string): ConnectError {
  const { code } = error;
  const why = (code && WHY.get(code)) ?? withoutSecrets(error.message, []);
  return new ConnectError(
    { kind: 'unreachable', message: `${host}: ${why}${code ? ` (${code})` : ''}` },
    { cause: error },
  );
}

const WHY: ReadonlyMap<string, string> = new Map([
  ['ECONNREFUSED', 'nothing listens there. Check the address, and that the server runs.'],
  ['ECONNRESET', 'the connection was cut before it was ready.'],
  ['EAI_AGAIN', 'its name could not be resolved for now. Check the network.'],
  ['ENOTFOUND', 'there is no such host. Check the address.'],
  ['ETIMEDOUT', 'it does not answer. Check the network, and any proxy or firewall.'],
]);

const hostOf = (socket: WebSocket): string => new URL(socket.url).host;
