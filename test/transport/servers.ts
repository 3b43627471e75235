import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type ServerOptions, type WebSocket } from 'ws';

/** The request of one connection attempt. */
export interface Knock {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

export interface Loopback {
  readonly port: number;
  readonly url: string;
  readonly knocks: readonly Knock[];
  /** The server's end of the next connection. */
  accepted(): Promise<WebSocket>;
  stop(): Promise<void>;
}

/** A WebSocket server on this machine that does nothing by itself. */
export async function loopback(options: ServerOptions = {}): Promise<Loopback> {
  const http = createServer();
  const sockets = new WebSocketServer({ server: http, maxPayload: 32 * 1024 * 1024, ...options });
  const knocks: Knock[] = [];
  const arrived: WebSocket[] = [];
  const awaited: ((socket: WebSocket) => void)[] = [];
  sockets.on('connection', (socket, request) => {
    knocks.push({ url: request.url ?? '', headers: request.headers });
    socket.on('error', () => undefined);
    const next = awaited.shift();
    if (next) next(socket);
    else arrived.push(socket);
  });
  const port = await listening(http);
  return {
    port,
    url: `ws://127.0.0.1:${port}/v1/realtime`,
    knocks,
    accepted: () => {
      const socket = arrived.shift();
      return socket ? Promise.resolve(socket) : new Promise((resolve) => awaited.push(resolve));
    },
    async stop() {
      for (const socket of sockets.clients) socket.terminate();
      http.closeAllConnections();
      http.close();
      await once(http, 'close');
    },
  };
}

export interface Refusing {
  readonly port: number;
  readonly url: string;
  readonly knocks: readonly Knock[];
  stop(): Promise<void>;
}

/** An HTTP server on this machine that answers the upgrade with something else. */
export async function refusing(answer: RequestListener): Promise<Refusing> {
  const knocks: Knock[] = [];
  const http = createServer((request, response) => {
    knocks.push({ url: request.url ?? '', headers: request.headers });
    answer(request, response);
  });
  const port = await listening(http);
  return {
    port,
    url: `ws://127.0.0.1:${port}/v1/realtime`,
    knocks,
    async stop() {
      http.closeAllConnections();
      http.close();
      await once(http, 'close');
    },
  };
}

async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
