import type { ClientRequest } from 'node:http';
import type { ClientOptions, WebSocket } from 'ws';
import { SHORTEST_SECRET } from '../../secrets.js';
import { inAddress, inProtocol, namesCredential } from '../credential-places.js';

/** A request that is about to be sent, and the credentials in it. */
export interface Watched {
  /** The options to connect with. */
  readonly options: ClientOptions;
  /** The credentials that the request carries so far, `more` included. */
  secrets(more?: string | null): readonly string[];
}

/**
 * Watches the request that a socket makes, because only the request shows which credentials were used: a function, a
 * client or an option may have supplied them. `prepare` may change the request before it is sent.
 */
export function watched(ws: ClientOptions, prepare: (request: ClientRequest) => void = () => undefined): Watched {
  let request: ClientRequest | undefined;
  const finish = ws.finishRequest ?? ((ready: ClientRequest): void => void ready.end());
  const finishRequest = (made: ClientRequest, socket: WebSocket): void => {
    request = made;
    try {
      prepare(made);
      finish(made, socket);
    } catch (error) {
      // Nobody uses this socket, but it would still connect.
      socket.on('error', () => undefined);
      socket.terminate();
      throw error;
    }
  };
  return {
    options: { ...ws, finishRequest },
    secrets: (more) => {
      const headers = request?.getHeaders() ?? ws.headers ?? {};
      const all = [more ?? '', ...inHeaders(headers), ...inAddress(request?.path ?? '')];
      return [...new Set(all)].filter((secret) => secret.length >= SHORTEST_SECRET);
    },
  };
}

/** What the official client's key was given as. A function of Entra's is kept as the key's, in every version. */
export function keyOf(client: object | undefined): 'a function' | 'a text' {
  const { apiKey } = (client as { readonly _options?: { readonly apiKey?: unknown } } | undefined)?._options ?? {};
  return typeof apiKey === 'function' ? 'a function' : 'a text';
}

const inHeaders = (headers: Readonly<Record<string, unknown>>): string[] =>
  Object.entries(headers).flatMap(([name, value]) => [value].flat().flatMap((each) => inHeader(name, String(each))));

function inHeader(name: string, value: string): string[] {
  const lower = name.toLowerCase();
  if (lower === 'sec-websocket-protocol') return value.split(/,\s*/).flatMap(inProtocol);
  if (!namesCredential(lower)) return [];
  if (lower.endsWith('cookie')) return [value, ...value.split(/;\s*/).map((pair) => pair.replace(/^[^=]*=/, ''))];
  const [, scheme, rest] = /^([\w-]+)\s+(.*)$/.exec(value) ?? [];
  if (scheme === undefined || rest === undefined) return [value];
  if (rest.length < SHORTEST_SECRET) return [];
  return [value, rest, ...(scheme.toLowerCase() === 'basic' ? inBasic(rest) : [])];
}

function inBasic(encoded: string): string[] {
  const pair = Buffer.from(encoded, 'base64').toString();
  return [pair, pair.replace(/^[^:]*:/, '')];
}
