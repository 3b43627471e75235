import { ConnectError, MisuseError } from '../../errors.js';
import type { Ears, Line } from '../../../types/index.js';
import { SHORTEST_SECRET } from '../../secrets.js';
import { brief, inAddress, inProtocol } from '../credential-places.js';
import { lineOver } from './line.js';
import type { Dialled } from './options.js';
import type { PlatformSocket } from './platform.js';

/** From the key to an open line. Whatever comes between, nothing is left open. */
export async function openSocket(dialled: Dialled, ears: Ears, signal: AbortSignal): Promise<Line> {
  const key = await unlessAborted(keyOf(dialled), signal);
  const protocols = dialled.protocols(key);
  const secrets = secretsIn(dialled.url, key, protocols);
  const socket = connecting(dialled, protocols, secrets);
  const opening = new Promise<Line>((resolve, reject) => {
    const fail = (said: string): void => reject(unreachable(dialled.url, brief(said, secrets)));
    socket.addEventListener('open', () => resolve(lineOver(socket, secrets, ears)));
    socket.addEventListener('error', ({ message }) => fail(typeof message === 'string' ? message : ''));
    socket.addEventListener('close', ({ reason }) => fail(typeof reason === 'string' ? reason : ''));
  });
  try {
    return await unlessAborted(opening, signal);
  } catch (error) {
    opening.then(
      (line) => line.close(1000, ''),
      () => undefined,
    );
    socket.close();
    throw error;
  }
}

/** What a promise gives, or a rejection as soon as the signal is aborted. */
function unlessAborted<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(new ConnectError({ kind: 'aborted' }));
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort);
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

async function keyOf(dialled: Dialled): Promise<string | undefined> {
  try {
    return await dialled.key();
  } catch (error) {
    if (error instanceof MisuseError) throw error;
    const words = error instanceof Error ? error.message : String(error);
    throw new ConnectError({ kind: 'unreachable', message: `\`apiKey\` gave no key: ${brief(words, [])}` });
  }
}

/** Everything that no server may say back. */
function secretsIn(url: URL, key: string | undefined, protocols: readonly string[]): readonly string[] {
  const all = [key ?? '', ...protocols.flatMap(inProtocol), ...inAddress(`${url.pathname}${url.search}`)];
  return [...new Set(all)].filter((secret) => secret.length >= SHORTEST_SECRET);
}

function connecting({ url, WebSocket }: Dialled, protocols: string[], secrets: readonly string[]): PlatformSocket {
  try {
    const socket = new WebSocket(url.href, protocols);
    socket.binaryType = 'arraybuffer';
    return socket;
  } catch (error) {
    // The platform forbids it: a page that may not connect there, a subprotocol that is offered twice.
    throw new MisuseError(`The platform refuses this connection: ${brief(String(error), secrets)}`);
  }
}

/** No platform tells a status or a body, and browsers not even what failed. */
function unreachable({ host }: URL, said: string): ConnectError {
  const why = said === '' ? 'the platform does not say why' : said;
  const advice = 'Check the address, the key, and that the server takes the subprotocol "realtime".';
  return new ConnectError({ kind: 'unreachable', message: `${host}: the connection failed: ${why}. ${advice}` });
}
