import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ServerByHand } from './by-hand.js';

const happenings = fc.array(
  fc.oneof(
    fc.record({ does: fc.constant('produced' as const), item: fc.nat(3), ms: fc.constantFrom(1, 20, 250, 33) }),
    fc.record({ does: fc.constant('marked' as const), item: fc.nat(4), ms: fc.constantFrom(0, 10, 250, 1e6) }),
    fc.record({ does: fc.constant('waits' as const), item: fc.nat(3), ms: fc.constantFrom(1, 100, 1_000) }),
    fc.record({ does: fc.constant('cut' as const), item: fc.nat(3), ms: fc.constant(0) }),
  ),
  { maxLength: 40 },
);

it('truncates only within 0 < heard < produced, and no item twice, whatever is produced, marked and awaited', async () => {
  await fc.assert(
    fc.asyncProperty(happenings, async (script) => {
      const server = new ServerByHand();
      const session = await server.opened({
        session: { audio: { output: { format: { type: 'audio/pcm', rate: 24_000 } } } },
      });
      session.on('fault', () => undefined);
      const produced = new Map<string, number>();
      for (const { does, item, ms } of script) {
        const id = `item_${item}`;
        if (does === 'waits') server.clock.advance(ms);
        if (does === 'marked') session.heard({ itemId: id, ms });
        if (does === 'cut') session.interrupt();
        if (does !== 'produced') continue;
        const delta = Buffer.alloc(ms * 48).toString('base64');
        server.says({ type: 'response.output_audio.delta', response_id: 'resp_1', item_id: id, delta });
        produced.set(id, (produced.get(id) ?? 0) + ms);
      }
      const truncated = server.written.filter(({ type }) => type === 'conversation.item.truncate');
      for (const { item_id: id, audio_end_ms: ms } of truncated) {
        expect(Number.isInteger(ms)).toBe(true);
        expect(ms).toBeGreaterThan(0);
        expect(ms).toBeLessThan(produced.get(id) ?? 0);
      }
      expect(new Set(truncated.map(({ item_id: id }) => id)).size).toBe(truncated.length);
      expect(session.state.playback.remainingMs ?? 0).toBeGreaterThanOrEqual(0);
      await session.close();
    }),
    { seed: 5, numRuns: 300 },
  );
});
