import { expect, test } from 'vitest';
import { call } from './call.js';

/** A call in which an answer of five seconds has been produced completely, and has just begun to be heard. */
async function listening(plan: { readonly playback?: { readonly waits: true } } = {}) {
  const made = await call(plan);
  const { session, server } = made;
  server.says('Today we have roses, lilies, tulips, and many more.', { ms: 5_000 });
  await session.respond('list').done;
  server.says('Leave the building.', { ms: 1_000 });
  return made;
}

test.each([{}, { playback: { waits: true } } as const])(
  'what interrupts puts an end to what is still being heard, though nothing is being made: %j',
  async (plan) => {
    const { session, server, watch } = await listening(plan);

    const alarm = session.respond('alarm', { interrupt: true });
    await alarm.done;

    expect(watch.cuts).toEqual([{ heard: [{ itemId: expect.any(String), ms: expect.any(Number) }] }]);
    expect(watch.truncations).toHaveLength(1);
    expect(server.sent.filter(({ type }) => type === 'error')).toEqual([]);
  },
);

test('what interrupts and is refused interrupts nothing', async () => {
  const { session, watch } = await listening();
  void session.hangup({ farewell: {} });

  expect(session.respond('alarm', { interrupt: true })).toMatchObject({ kind: 'refuse', by: 'hangup-pending' });
  expect(watch.cuts).toEqual([]);
});

test('what is beside the conversation interrupts nothing', async () => {
  const { session, watch } = await listening();

  await session.respond('classify', { interrupt: true, response: { conversation: 'none' } }).done;

  expect(watch.cuts).toEqual([]);
});
