import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';

export interface Stalling {
  readonly url: string;
  /** Resolves with the caller's request, once it is there. */
  knocked(): Promise<void>;
  /** Resolves once the caller has gone. */
  left(): Promise<void>;
  /** Cuts the caller off without an answer. */
  cut(): void;
  stop(): Promise<void>;
}

/** A server of this machine that reads a request and never answers it. */
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
