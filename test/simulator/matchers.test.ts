import { describe, expect, it } from 'vitest';
import { expectVerdict, simulate, verdictMatchers, type VerdictMatchers } from '../../src/simulator/index.js';

declare module 'vitest' {
  interface Matchers<T = any> extends VerdictMatchers<T> {}
}
expect.extend(verdictMatchers);

/** One verdict of each kind. */
async function verdicts() {
  const { session, server } = await simulate({ purposes: ['greeting', 'offer'] });
  const admitted = session.respond('greeting');
  server.caller.speaks('Hello? Is anybody there?');
  await session.once('input_audio_buffer.speech_started');
  const held = session.respond('greeting');
  const merged = held.kind === 'hold' ? await held.settled : held;
  const refused = session.respond('offer', { whenBlocked: 'refuse' });
  await session.close();
  return { admitted, held, merged, refused };
}

const wordsOf = (run: () => void): string => {
  try {
    run();
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
  return 'nothing';
};

describe('the matchers of verdicts', () => {
  it('pass where a verdict is what is expected, in vitest and by themselves', async () => {
    const { admitted, held, refused } = await verdicts();
    expect(admitted).toAdmit();
    expect(held).toHold();
    expect(held).toHold('user-speaking');
    expect(refused).toRefuse();
    expect(refused).toRefuse('response-active');
    expect(refused).not.toRefuse('closed');
    expect(held).not.toMerge();
    expect({ kind: 'merge' }).toMerge();
    expectVerdict(admitted).toAdmit();
    expectVerdict(held).toHold('user-speaking', 'response-active');
    expectVerdict(refused).toRefuse('response-active');
    expectVerdict({ kind: 'merge' }).toMerge();
  });

  it('say what the verdict was, by whom and why, where it is another', async () => {
    const { admitted, held, refused } = await verdicts();
    expect([
      wordsOf(() => expectVerdict(admitted).toHold('user-speaking')),
      wordsOf(() => expectVerdict(held).toAdmit()),
      wordsOf(() => expectVerdict(held).toHold('playback')),
      wordsOf(() => expectVerdict(refused).toMerge()),
    ]).toEqual([
      'AssertionError: Expected the request to be held by user-speaking; it was admitted.',
      'AssertionError: Expected the request to be admitted; it was held by user-speaking, response-active.',
      'AssertionError: Expected the request to be held by playback; it was held by user-speaking, response-active.',
      'AssertionError: Expected the request to be merged; it was refused by response-active: Another response holds the slot of the conversation.',
    ]);
  });

  it('say the same through the expect of vitest, and the opposite of what is not to be', async () => {
    const { held, refused } = await verdicts();
    expect(() => expect(refused).toHold('user-speaking')).toThrow(
      'Expected the request to be held by user-speaking; it was refused by response-active: Another response holds',
    );
    expect(() => expect(held).not.toHold('user-speaking')).toThrow(
      'Expected the request not to be held by user-speaking; it was held by user-speaking, response-active.',
    );
  });

  it.each([
    ['a promise', () => Promise.resolve({ kind: 'admit' })],
    ['an object', () => ({ kind: 'completed' })],
    ['undefined', () => undefined],
    ['null', () => null],
  ])('say what to give where it is no verdict: %s', (name, given) => {
    expect(wordsOf(() => expectVerdict(given()).toAdmit())).toBe(
      `AssertionError: Expected a verdict, and this is none: ${name.replace('an ', '')}. Give what respond() returned, or the awaited \`settled\` of a hold.`,
    );
  });
});
