import { MisuseError } from '../errors.js';

/** How error messages refer to an address. */
export interface Words {
  readonly name: string;
  readonly secure: string;
  readonly clear: string;
  readonly path: string;
}

export const GIVEN: Words = { name: '`url`', secure: 'wss:', clear: 'ws:', path: '/path' };

/** Parses and checks an address: encrypted, without a fragment. Its error messages do not quote the address. */
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

/** Suggests the WebSocket scheme for a web address, a likely mistake. */
function insteadOf({ protocol }: URL): string {
  const right = SOCKET_PROTOCOLS.get(protocol);
  return right === undefined ? '' : ` Write ${right}// instead of ${protocol}//.`;
}

/** The WebSocket scheme for each web scheme. */
export const SOCKET_PROTOCOLS: ReadonlyMap<string, string> = new Map([
  ['https:', 'wss:'],
  ['http:', 'ws:'],
]);

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '[::1]' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);
