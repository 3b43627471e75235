import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Server } from '../../src/simulator/server/index.js';
import { noFaults } from '../../src/simulator/server/index.js';
import { game, play } from './games.js';

const idsOf = (frames: any[], type: string): string[] =>
  frames.filter((frame) => frame.type === type).map(({ response }) => response.id);

function holds(check: (server: Server, frames: any[]) => void): void {
  fc.assert(
    fc.property(game, (each) => {
      const { server, frames } = play(each);
      check(server, frames);
    }),
    { numRuns: 300 },
  );
}

describe('whatever happens', () => {
  it('nothing breaks, and in the end nothing is left open', () => {
    holds((server) => {
      expect(server.session).toMatchObject({ slot: null, responses: [], turn: null });
    });
  });

  it('every response that was created is done, once, and none is done that was not created', () => {
    holds((_, frames) => {
      const done = idsOf(frames, 'response.done');
      expect(new Set(done).size).toBe(done.length);
      expect(done.toSorted()).toEqual(idsOf(frames, 'response.created').toSorted());
    });
  });

  it('everything that opens is closed, in its order, and deltas lie in between', () => {
    holds((_, frames) => {
      const open = new Set<string>();
      for (const { type, item, item_id } of frames) {
        if (type === 'response.output_item.added') open.add(item.id);
        if (type === 'response.output_item.done') expect(open.delete(item.id)).toBe(true);
        if (/^response\..*\.delta$/.test(type)) expect(open.has(item_id)).toBe(true);
      }
    });
  });

  it('no two default responses are open at once, unless an end is late', () => {
    fc.assert(
      fc.property(game, (each) => {
        const moves = each.moves.filter(({ input }) => input.type !== 'faults');
        const { frames } = play({ ...each, moves, faults: { ...each.faults, lateDone: 0 } });
        let open: string | null = null;
        for (const { type, response } of frames) {
          if (!response || response.conversation_id === null) continue;
          if (type === 'response.created') expect(open).toBeNull();
          open = type === 'response.created' ? response.id : null;
        }
      }),
      { numRuns: 300 },
    );
  });

  it('no id is given twice', () => {
    holds((_, frames) => {
      const ids = frames.map(({ event_id }) => event_id).filter(Boolean);
      expect(new Set(ids).size).toBe(ids.length);
    });
  });

  it('the state stays data: it can be cloned and written down', () => {
    holds((server) => {
      expect(structuredClone(server)).toEqual(server);
      expect(JSON.parse(JSON.stringify(server.session))).toEqual(server.session);
      expect(Object.keys(server.faults).toSorted()).toEqual(Object.keys(noFaults).toSorted());
    });
  });
});
