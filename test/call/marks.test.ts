import { describe, expect, test } from 'vitest';
import { MisuseError } from '../../src/index.js';
import { call } from './call.js';
import { speaking } from './speaking.js';

describe('heard(), the carrier’s marks,', () => {
  test('count instead of the estimate from then on', async () => {
    const { session, hear, server, watch, pass, itemId } = await speaking();
    await hear(500);
    session.heard({ itemId, ms: 320 });
    await hear(1_500);
    server.caller.begins();
    await pass(10);
    expect(watch.truncations).toEqual([320]);
  });

  test('are clamped to what was produced, and never go back', async () => {
    const { session, hear, server, watch, pass, itemId } = await speaking({}, { speed: 1 });
    await hear(600);
    session.heard({ itemId, ms: 700 });
    session.heard({ itemId, ms: 100 });
    session.heard({ itemId: 'item_unheard_of', ms: 9_000 });
    server.caller.begins();
    await pass(10);
    expect(watch.truncations).toEqual([700]);
  });

  test('that say that all was heard leave nothing to cut', async () => {
    const { session, hear, server, watch, pass, itemId } = await speaking();
    await hear(1_000);
    session.heard({ itemId, ms: 4_000 });
    server.caller.begins();
    await pass(10);
    expect(watch.truncations).toEqual([]);
  });

  test('after the cut (a carrier returns every mark when it is cleared) change nothing', async () => {
    const { session, hear, server, watch, pass, itemId } = await speaking();
    await hear(1_000);
    server.caller.begins();
    await pass(10);
    session.heard({ itemId, ms: 4_000 });
    session.interrupt();
    expect(watch.truncations).toEqual([1_000]);
  });

  test('let a farewell end when the last of it was heard, not when it was estimated to be', async () => {
    const { session, pass, clock, itemId, hear } = await speaking();
    await hear(100);
    session.heard({ itemId, ms: 100 });
    const ended = session.hangup({ farewell: { instructions: 'Bye.' } });
    let farewellItem = '';
    session.on('audio', (audio) => (farewellItem = audio.itemId));
    await hear(9_000);
    session.heard({ itemId, ms: 4_000 });
    await pass(500);
    expect(session.state.connection).toBe('open');
    const at = clock.now();
    session.heard({ itemId: farewellItem, ms: 1e6 });
    expect(await ended).toEqual({ kind: 'hung-up', farewell: 'heard' });
    expect(clock.now() - at).toBeLessThan(100);
  });

  test('that stop coming are waited for no longer than fifteen seconds: what was said is taken for heard', async () => {
    const { session, hear, watch, itemId } = await speaking({ playback: { waits: true } });
    await hear(100);
    session.heard({ itemId, ms: 100 });
    await hear(1_000);
    session.respond('other');
    await hear(18_900);
    expect([watch.spoken, watch.complaints]).toEqual([['greeting'], []]);
    await hear(19_100);
    expect(watch.spoken).toEqual(['greeting', 'other']);
    expect(watch.complaints).toEqual(['The marks of what was heard have stopped: it is taken for heard.']);
  });

  test('that come late, and come, are waited for', async () => {
    const { session, hear, watch, itemId } = await speaking({ playback: { waits: true } });
    for (let heard = 400; heard < 4_000; heard += 400) {
      await hear(heard * 4);
      session.heard({ itemId, ms: heard });
    }
    await hear(18_000);
    expect([session.state.shut, watch.complaints]).toEqual([['playback'], []]);
  });

  test('of something that is not the model’s say nothing about what is', async () => {
    const { session, server, pass } = await call({ playback: { waits: true } });
    session.heard({ itemId: 'a jingle of the carrier', ms: 3_000 });
    server.says('Hello.', { ms: 1_000 });
    session.respond('greeting');
    await pass(5_000);
    expect(session.state.shut).toEqual([]);
  });

  test.each([{ itemId: 7, ms: 1 }, { itemId: 'item', ms: -1 }, { itemId: 'item', ms: NaN }, { itemId: 'item' }])(
    'that cannot be are misuse: %o',
    async (position) => {
      const { session } = await call();
      expect(() => session.heard(position as never)).toThrow(MisuseError);
    },
  );
});
