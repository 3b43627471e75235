import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';

export interface Stalling {
  readonly url: string;
  /** Resolves with the client's request, once it has arrived. */
  knocked(): Promise<void>;
  /** Resolves once the client has gone. */
  left(): Promise<void>;
  /** Cuts the client off without an answer. */
  cut(): void;
  stop(): Promise<void>;
}

/** A server on this machine that reads a request and never answers it. */
export async function stalling(): Promise<Stalling> {
  const server = createServer();
  const arrived = once(server, 'connection').then(([socket]) => socket as Socket);
  const asked = arrived.then((socket) => once(socket, 'data'));
  const left = arrived.then((socket) => {
    socket.on('error', () => undefined);
    return once(socket, 'close');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/v1/realtime`,
    knocked: async () => {
      await asked;
    },
    left: async () => {
      await left;
    },
    cut: () => void arrived.then((socket) => socket.destroy()),
    async stop() {
      server.close();
      await once(server, 'close');
    },
  };
}

export interface HalfClosing {
  readonly url: string;
  /** Resolves once the client has answered the close frame. */
  closeBegun(): Promise<void>;
  stop(): Promise<void>;
}

const CLOSE_FRAME = Buffer.from([0x88, 2, 1000 >> 8, 1000 & 0xff]);

/** A server that takes the upgrade, sends a close frame at once, and never ends its side of the connection. */
export async function halfClosing(): Promise<HalfClosing> {
  const { url, upgraded, stop } = await upgrading();
  const answered = upgraded.then(async (socket) => {
    socket.write(CLOSE_FRAME);
    await once(socket, 'data');
  });
  return { url, closeBegun: () => answered, stop };
}

export interface HalfOpen {
  readonly url: string;
  /** Ends the server's side without a close frame. */
  endHalf(): Promise<void>;
  stop(): Promise<void>;
}

/** A server that accepts the upgrade, and then reads nothing. */
export async function halfOpen(): Promise<HalfOpen> {
  const { url, upgraded, stop } = await upgrading();
  const deaf = upgraded.then((socket) => socket.pause());
  return { url, stop, endHalf: async () => void (await deaf).end() };
}

const ACCEPT = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** A raw TCP server that accepts one upgrade. The test does the rest. */
async function upgrading() {
  const server = createServer({ allowHalfOpen: true });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const arrived = once(server, 'connection').then(([socket]) => socket as Socket);
  const upgraded = arrived.then(async (socket) => {
    socket.on('error', () => undefined);
    const [request] = (await once(socket, 'data')) as [Buffer];
    const [, key = ''] = /sec-websocket-key: (.*)\r/i.exec(request.toString()) ?? [];
    const accept = createHash('sha1').update(`${key}${ACCEPT}`).digest('base64');
    const head = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade'];
    socket.write([...head, `Sec-WebSocket-Accept: ${accept}`, '', ''].join('\r\n'));
    return socket;
  });
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/v1/realtime`,
    upgraded,
    async stop() {
      (await arrived).destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
