import { once } from 'node:events';
import type { WebSocket } from 'ws';
import { loopback } from '../transport/servers.js';
import { stalling } from '../transport/stalling.js';
import type { Transport } from '../../types/index.js';
import type { Harness, Peer } from './transport.js';

interface SocketPeer extends Peer {
  readonly socket: WebSocket;
}

function peerOf(socket: WebSocket): SocketPeer {
  const heard: string[] = [];
  const left = once(socket, 'close');
  let changed = (): void => undefined;
  socket.on('message', (data: Buffer) => {
    heard.push(data.toString());
    changed();
  });
  return {
    socket,
    say: (text) => socket.send(text),
    heard: (count) =>
      new Promise((resolve) => {
        changed = () => heard.length >= count && resolve(heard);
        changed();
      }),
    close: (code, reason) => socket.close(code, reason),
    drop: () => socket.terminate(),
    left: async () => {
      await left;
    },
  };
}

const socketOf = (peer: Peer): WebSocket => (peer as SocketPeer).socket;

/** A harness for a transport that opens WebSockets, with a peer of this process. */
export const socketHarness = (
  name: string,
  transportTo: (url: string) => Transport,
  more: Partial<Harness['capabilities']> = {},
): Harness => ({
  name,
  async make() {
    const server = await loopback();
    return {
      transport: transportTo(server.url),
      accepted: async () => peerOf(await server.accepted()),
      stop: server.stop,
    };
  },
  frame: (text) => text,
  capabilities: {
    closings: [
      [1000, ''],
      [1001, 'Your session hit the maximum duration of 60 minutes.'],
      [3000, 'invalid_request_error.invalid_api_key'],
      [4000, 'invalid_request_error.invalid_model'],
    ],
    inPieces(peer, text) {
      const bytes = Buffer.from(text);
      for (let at = 0; at < bytes.length; at++) {
        socketOf(peer).send(bytes.subarray(at, at + 1), { binary: false, fin: at === bytes.length - 1 });
      }
    },
    async stalled() {
      const server = await stalling();
      return {
        transport: transportTo(server.url),
        accepted: () => Promise.reject(new Error('it never opens')),
        ...server,
      };
    },
    deafToClose: (peer) => socketOf(peer).pause(),
    readers: {
      stall: (peer) => socketOf(peer).pause(),
      readOn: (peer) => socketOf(peer).resume(),
    },
    ...more,
  },
});

/** A peer that pings. */
export const ping = (peer: Peer): void => socketOf(peer).ping();
