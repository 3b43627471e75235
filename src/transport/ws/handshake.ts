import type { IncomingMessage } from 'node:http';
import type { WebSocket } from 'ws';
import { ConnectError } from '../../errors.js';
import type { Ears, Line } from '../../../types/index.js';
import type { Dial } from './dial.js';
import { lineOver } from './line.js';
import { refusal } from './refusal.js';
import { unreachable } from './unreachable.js';

/** Opens a connection. If anything fails on the way, the socket is closed. */
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
      const { secrets } = dialled;
      socket = dialled.socket;
      const { host } = new URL(socket.url);
      const onError = (error: unknown): void => {
        if (!settled) fail(unreachable(error, host, secrets()));
      };
      const onRefusal = (_request: unknown, response: IncomingMessage): void =>
        void refusal(response, secrets()).then(fail);
      socket.on('error', onError);
      if (settled) {
        socket.terminate();
        return;
      }
      socket.on('unexpected-response', onRefusal);
      socket.once('open', () => {
        settle();
        // They would keep the request for as long as the socket lives.
        dialled.socket.off('error', onError).off('unexpected-response', onRefusal);
        resolve(lineOver(dialled, ears));
      });
    }, fail);
  });
}
