import { describe, expect, it } from 'vitest';
import { stateOf } from '../../src/machine/index.js';
import { created, given, speechStarted } from './bench.js';

const aside = { params: { conversation: 'none' } } as const;

describe('the state of a session', () => {
  it('of which nothing was asked is quiet', () => {
    const bench = given();
    expect(stateOf(bench.session, bench.now)).toEqual({
      connection: 'open',
      configuration: 'confirmed',
      epoch: 1,
      shut: [],
      held: [],
      outstanding: null,
      responses: [],
      user: { voice: 'silent', button: 'released', transcript: 'unawaited', input: 'live' },
      budget: null,
      automatic: 'quiet',
      playback: { state: 'drained', remainingMs: 0 },
      tools: [],
      hangup: 'none',
      recovery: [],
      line: 'heard',
      backlog: 'under',
      restore: 'none',
    });
  });

  it('says what is held: by what, and since when', () => {
    const bench = given();
    bench.reads(created('resp_1'), speechStarted());
    bench.waits(100);
    bench.asks('reply');
    bench.waits(50);
    const { shut, held } = stateOf(bench.session, bench.now);
    expect(shut).toEqual(['user-speaking', 'response-active']);
    expect(held).toEqual([{ purpose: 'reply', by: ['user-speaking', 'response-active'], sinceMs: 50 }]);
  });

  it('says which guards of the user’s own hold, as they last answered', () => {
    let taken = true;
    const bench = given({ guards: [{ name: 'human-takeover', kind: 'transient', shut: () => taken }] });
    bench.asks('reply');
    const by = (): unknown => stateOf(bench.session, bench.now).held.map((each) => each.by);
    expect(by()).toEqual([['human-takeover']]);
    bench.reads(speechStarted());
    expect(by()).toEqual([['user-speaking', 'human-takeover']]);
    taken = false;
    bench.reads(created('resp_1'));
    expect(by()).toEqual([['user-speaking', 'response-active']]);
  });

  it('says what was asked for in the conversation, and not what was beside it', () => {
    const bench = given();
    bench.asks('aside', aside);
    expect(stateOf(bench.session, bench.now).outstanding).toBeNull();
    bench.asks('greeting');
    expect(stateOf(bench.session, bench.now).outstanding).toBe('greeting');
  });

  it('says which responses are open, and which of them are beside the conversation', () => {
    const bench = given();
    bench.speaks('aside', 'resp_aside', aside);
    bench.speaks('greeting', 'resp_1');
    expect(stateOf(bench.session, bench.now).responses).toEqual([
      { id: 'resp_aside', purpose: 'aside', outOfBand: true },
      { id: 'resp_1', purpose: 'greeting', outOfBand: false },
    ]);
  });

  it('says what the user does', () => {
    const bench = given();
    bench.reads(speechStarted());
    bench.turns('begins');
    expect(stateOf(bench.session, bench.now).user).toMatchObject({ voice: 'speaking', button: 'held' });
  });
});
