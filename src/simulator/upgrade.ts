import type { IncomingMessage } from 'node:http';
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Greeting } from './server/index.js';

const keyProtocol = 'openai-insecure-api-key.';

/** Reads the parameters of a request for a socket; null for any other request. */
export function greetingOf(request: IncomingMessage, connection: string): Greeting | null {
  const url = new URL(request.url ?? '/', 'ws://localhost');
  if (!url.pathname.endsWith('/realtime')) return null;
  const model = url.searchParams.get('model') ?? url.searchParams.get('deployment');
  const callId = url.searchParams.get('call_id');
  const intent = url.searchParams.get('intent');
  const apiKey = keyOf(request);
  return {
    connection,
    ...(model !== null && { model }),
    ...(callId !== null && { callId }),
    ...(intent !== null && { intent }),
    ...(apiKey !== undefined && { apiKey }),
    ...(request.headers['openai-beta'] !== undefined && { beta: true }),
  };
}

/** Reads the key from a header, or, for browsers, from the subprotocols. */
export function keyOf(request: IncomingMessage): string | undefined {
  const { authorization } = request.headers;
  const azure = request.headers['api-key'];
  if (authorization?.startsWith('Bearer ')) return authorization.slice('Bearer '.length);
  if (typeof azure === 'string') return azure;
  const protocols = (request.headers['sec-websocket-protocol'] ?? '').split(/\s*,\s*/);
  return protocols.find((protocol) => protocol.startsWith(keyProtocol))?.slice(keyProtocol.length);
}

/** Chooses the subprotocol that this server speaks. */
export const chooseProtocol = (offered: ReadonlySet<string>): string | false =>
  offered.has('realtime') ? 'realtime' : false;

/** Refuses a request for a socket with a status and an error in JSON. */
export function refuseUpgrade(socket: Duplex, status: number, code: string, message: string): void {
  socket.on('error', () => socket.destroy());
  const body = JSON.stringify({ error: { type: 'invalid_request_error', code, message, param: null } });
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
