import { describe, expect, vi } from 'vitest';
import { systemClock } from '../../src/clock.js';
import type { ServerFrame } from '../../src/simulator/index.js';
import { createServer, memoryNetwork } from '../../src/simulator/index.js';
import { transportContract, type Harness, type Peer } from './transport.js';

/** A frame that the peer keeps: a user's message. */
const frame = (text: string): string =>
  JSON.stringify({
    type: 'conversation.item.create',
    item: { type: 'message', role: 'user', content: [{ type: 'input_text', text }] },
  });

/** The simulated server, joined as a call, so that it sends no greeting. */
function simulated(toServerMs = 0) {
  const server = createServer({});
  const network = memoryNetwork({
    server,
    clock: systemClock,
    greeting: { callId: 'rtc_1' },
    toServerMs: () => toServerMs,
  });
  let accepted = 0;
  const peer = (): Peer => {
    const id = `connection-${(accepted += 1)}`;
    const isThere = () => server.connections.some((connection) => connection.id === id);
    const { session } = server;
    const heard = () => (session?.items ?? []).map(({ said }) => frame(said));
    return {
      say: (text) => network.tell({ type: 'inject', event: JSON.parse(text) as ServerFrame }),
      heard: (count) =>
        vi.waitFor(() => {
          if (heard().length < count) throw new Error(`heard ${heard().length} of ${count}`);
          return heard();
        }),
      close(code) {
        network.tell({ type: 'faults', faults: { expiry: 'closeFirst' } });
        network.tell({ type: code === 1001 ? 'expire' : 'hang-up' });
      },
      drop: () => network.tell({ type: 'die' }),
      left: () =>
        vi.waitFor(() => {
          if (isThere()) throw new Error('still there');
        }),
    };
  };
  return { server, network, peer };
}

const memory: Harness = {
  name: 'memory',
  frame,
  async make() {
    const { server, network, peer } = simulated();
    let known = 0;
    return {
      transport: network.transport,
      async accepted() {
        await vi.waitFor(() => {
          if (server.connections.length === known) throw new Error('nobody came');
        });
        known = server.connections.length;
        return peer();
      },
      stop: async () => network.drop(),
    };
  },
  capabilities: {
    closings: [
      [1000, ''],
      [1001, 'Your session hit the maximum duration of 60 minutes.'],
    ],
    async stalled() {
      const { server, network } = simulated(50);
      const arrival = new Promise((resolve) => systemClock.after(100, () => resolve(null)));
      return {
        transport: network.transport,
        accepted: () => Promise.reject(new Error('it never opens')),
        stop: async () => network.drop(),
        knocked: () => Promise.resolve(),
        async left() {
          await arrival;
          expect(server.connections).toEqual([]);
        },
      };
    },
  },
};

describe(`the ${memory.name} transport`, () => transportContract(memory));
