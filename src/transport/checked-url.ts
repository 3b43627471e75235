import { MisuseError } from '../errors.js';

/** How to speak of an address to whoever has set it. */
export interface Words {
  readonly name: string;
  readonly secure: string;
  readonly clear: string;
  readonly path: string;
}

export const GIVEN: Words = { name: '`url`', secure: 'wss:', clear: 'ws:', path: '/path' };

/** An address that nobody can listen in on, without a fragment. No message of its errors quotes it. */
export function checkedUrl(text: string, { name, secure, clear, path }: Words): URL {
  if (!URL.canParse(text)) throw new MisuseError(`${name} is no address. It looks like ${secure}//host${path}.`);
  const url = new URL(text);
  if (url.username || url.password) {
    throw new MisuseError(`${name} carries credentials, and addresses end up in logs. Give the key as \`apiKey\`.`);
  }
  if (url.protocol !== 'wss:' && !(url.protocol === 'ws:' && isLoopback(url.hostname))) {
    throw new MisuseError(
      `${name} must be ${secure}. Clear text (${clear}) is for this machine alone: 127.0.0.1, [::1], localhost.${insteadOf(url)}`,
    );
  }
  url.hash = '';
  return url;
}

/** An address of the web is easily taken for that of a WebSocket. */
function insteadOf({ protocol }: URL): string {
  const right = SOCKET_PROTOCOLS.get(protocol);
  return right === undefined ? '' : ` Write ${right}// instead of ${protocol}//.`;
}

/** The protocol of a WebSocket beside that of the web. */
export const SOCKET_PROTOCOLS: ReadonlyMap<string, string> = new Map([
  ['https:', 'wss:'],
  ['http:', 'ws:'],
]);

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '[::1]' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);
