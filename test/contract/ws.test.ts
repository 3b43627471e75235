import { once } from 'node:events';
import { describe } from 'vitest';
import type { WebSocket } from 'ws';
import { wsTransport } from '../../src/transport/ws.js';
import { loopback } from '../transport/servers.js';
import { stalling } from '../transport/stalling.js';
import { transportContract, type Harness, type Peer } from './transport.js';

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

const ws: Harness = {
  name: 'ws',
  async make() {
    const server = await loopback();
    return {
      transport: wsTransport({ model: 'gpt-realtime', url: server.url }),
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
      const { socket } = peer as SocketPeer;
      const bytes = Buffer.from(text);
      for (let at = 0; at < bytes.length; at++) {
        socket.send(bytes.subarray(at, at + 1), { binary: false, fin: at === bytes.length - 1 });
      }
    },
    async stalled() {
      const server = await stalling();
      return {
        transport: wsTransport({ model: 'gpt-realtime', url: server.url }),
        accepted: () => Promise.reject(new Error('it never opens')),
        ...server,
      };
    },
    deafToClose: (peer) => (peer as SocketPeer).socket.pause(),
    ping: (peer) => (peer as SocketPeer).socket.ping(),
    readers: {
      stall: (peer) => (peer as SocketPeer).socket.pause(),
      readOn: (peer) => (peer as SocketPeer).socket.resume(),
    },
  },
};

describe(`the ${ws.name} transport`, () => transportContract(ws));
