import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type * as Ws from 'ws';
import { MisuseError } from '../errors.js';
import type { Controls } from './controls.js';
import { controlsOn } from './controls.js';
import { type ListenOptions, listenRule } from './listen-options.js';
import { ConnectionRouter } from './connection-router.js';
import { checked } from './option-check.js';
import type { Server } from './server/index.js';
import { checkedScript } from './script.js';
import { chooseProtocol, keyOf } from './upgrade.js';

/**
 * A simulated server on a loopback WebSocket. Its controls act on the latest session; before there is one, they apply
 * to the first. `misbehaves` applies to every session, future ones included.
 */
export interface SimulatedSocket extends Controls {
  /** The address: `ws://127.0.0.1:<port>/v1/realtime`. */
  readonly url: string;
  readonly port: number;
  /** The machines of all connected sessions, oldest first. */
  readonly servers: readonly Server[];
  /** Ends every connection, and stops listening. */
  close(): Promise<void>;
}

/**
 * Plays the server on a WebSocket of this machine. Each connection is a session of its own; with `?call_id=` it joins the
 * session of that call, as a sideband without `session.created`. `POST …/realtime/client_secrets` gives out ephemeral keys; `POST …/realtime/calls` begins a
 * call whose media nobody carries, and `accept`, `reject`, `refer` and `hangup` do to a call what they say.
 *
 * @throws the system's own error where the port is taken; `MisuseError` for an option that nobody knows. As rejections.
 * @example
 * ```ts
 * const server = await listen({ script: { steps: [{ says: 'Good morning.' }] } });
 * const session = await openSession({ model: 'gpt-realtime-2.1', url: server.url, apiKey: 'simulated' });
 * await session.close();
 * await server.close();
 * ```
 */
export async function listen(given: ListenOptions = {}): Promise<SimulatedSocket> {
  const options = checked('listen()', listenRule, given);
  if (options.script) checkedScript(options.script);
  const { WebSocketServer } = await installedWs();
  const sockets = new WebSocketServer({
    noServer: true,
    handleProtocols: chooseProtocol,
    maxPayload: 64 * 1024 * 1024,
  });
  const reception = new ConnectionRouter(options);
  const http = createHttpServer((request, response) => {
    respondTo(request, response, reception).catch(() => response.destroy());
  });
  http.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const admitted = reception.admit(request, socket);
    if (admitted) sockets.handleUpgrade(request, socket, head, (webSocket) => admitted(webSocket));
  });
  const host = options.host ?? '127.0.0.1';
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject).listen(options.port ?? 0, host, resolve);
  });
  const { port } = http.address() as AddressInfo;
  return {
    ...controlsOn((happening) => reception.tell(happening)),
    url: `ws://${host.includes(':') ? `[${host}]` : host}:${port}/v1/realtime`,
    port,
    get servers() {
      return reception.sessions.map(({ server }) => server);
    },
    close: () =>
      new Promise((resolve) => {
        for (const session of reception.sessions) session.stop();
        http.close(() => resolve());
        http.closeAllConnections();
      }),
  };
}

const mostBytes = 1024 * 1024;

/** Reads a request completely, and answers it. */
async function respondTo(
  request: IncomingMessage,
  response: ServerResponse,
  reception: ConnectionRouter,
): Promise<void> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > mostBytes) {
      response.writeHead(413, { connection: 'close' }).end();
      return;
    }
    chunks.push(chunk);
  }
  const apiKey = keyOf(request);
  const answer = reception.answer({
    method: request.method ?? 'GET',
    path: new URL(request.url ?? '/', 'http://localhost').pathname,
    contentType: request.headers['content-type'] ?? '',
    apiKey,
    body: Buffer.concat(chunks),
  });
  if (answer) response.writeHead(answer.status, { ...answer.headers }).end(answer.body);
  else response.writeHead(426, { 'content-type': 'text/plain' }).end('This is a WebSocket.\n');
}

async function installedWs(): Promise<Pick<typeof Ws, 'WebSocketServer'>> {
  try {
    return await import('ws');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw cause;
    throw new MisuseError('The package "ws" is missing. Install it: npm install ws', { cause });
  }
}
