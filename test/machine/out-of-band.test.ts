import { describe, expect, it } from 'vitest';
import { audioDelta, created, done, given, speechStarted, speechStopped, type Bench } from './bench.js';

const aside = { params: { conversation: 'none' } } as const;
const aloud = { params: { conversation: 'none', output_modalities: ['audio'] } } as const;
type Shuts = readonly [string, (bench: Bench) => unknown];

const asked: readonly Shuts[] = [
  ['closed', (bench) => bench.loses()],
  ['closing', (bench) => bench.closes()],
  ['hangup-pending', (bench) => bench.hangsUp({ farewell: null })],
  ['unconfirmed', (bench) => bench.asksToConfigure({ instructions: 'Sing.' })],
];
const audible: readonly Shuts[] = [
  ['user-speaking', (bench) => bench.reads(speechStarted())],
  ['response-imminent', (bench) => bench.reads(speechStopped())],
  ['playback', (bench) => bench.reads(created('resp_0'), audioDelta('resp_0', 9_000), done('resp_0'))],
];
const notAsked: readonly Shuts[] = [
  ['response-active', (bench) => bench.reads(created('resp_1'))],
  [
    'loop',
    (bench) => {
      bench.speaks('story', 'resp_1');
      bench.reads(done('resp_1'));
    },
  ],
];
const shut = (shuts: Shuts[1]): Bench => {
  const bench = given({ detection: 'automatic', endsCall: 'yes', playback: 'waits', limits: { responsesInARow: 1 } });
  shuts(bench);
  bench.forget();
  return bench;
};

describe('out of band', () => {
  it.each(asked)('a request asks %s', (guard, shuts) => {
    expect(shut(shuts).asks('aside', aside).verdict).toMatch(new RegExp(`: ${guard}$`));
  });

  it.each([...audible, ...notAsked])('a request does not ask %s', (_, shuts) => {
    expect(shut(shuts).asks('aside', aside).verdict).toBe('admit');
  });

  it.each(audible)('a request for audio asks %s: the caller would hear it', (guard, shuts) => {
    expect(shut(shuts).asks('aside', aloud).verdict).toBe(`hold: ${guard}`);
  });

  it.each<[string, unknown, string]>([
    ['text is not heard', ['text'], 'admit'],
    ['text and audio is heard', ['text', 'audio'], 'hold: user-speaking'],
    ['nothing that is known is taken to be heard', 'text', 'hold: user-speaking'],
  ])('a request for %s', (_, modalities, verdict) => {
    const bench = given();
    bench.reads(speechStarted());
    const params = { conversation: 'none', output_modalities: modalities };
    expect(bench.asks('aside', { params }).verdict).toBe(verdict);
  });

  it.each(notAsked)('a request for audio does not ask %s', (_, shuts) => {
    expect(shut(shuts).asks('aside', aloud).verdict).toBe('admit');
  });

  it('a response defaults to text', () => {
    const bench = given();
    bench.asks('aside', aside);
    expect(bench.written[0]).toMatchObject({ response: { conversation: 'none', output_modalities: ['text'] } });
  });

  it('a response is what it asks to be', () => {
    const bench = given();
    bench.asks('aside', aloud);
    expect(bench.written[0]).toMatchObject({ response: { output_modalities: ['audio'] } });
  });

  it('a create does not hold the slot, nor does its response', () => {
    const bench = given();
    bench.asks('aside', aside);
    expect(bench.shut).toEqual([]);
    bench.creates('resp_aside', { conversation_id: null });
    expect(bench.shut).toEqual([]);
  });

  it('a response does not free the slot', () => {
    const bench = given();
    bench.speaks('story', 'resp_1');
    bench.reads(
      created('resp_aside', { conversation_id: null }),
      done('resp_aside', 'completed', { conversation_id: null }),
    );
    expect(bench.shut).toEqual(['response-active']);
  });

  it('a response is superseded by none of the conversation', () => {
    const bench = given();
    bench.speaks('aside', 'resp_1', aside);
    bench.reads(created('resp_2'));
    expect(bench.session.responses.open.get('resp_1')?.state).toBe('open');
  });

  it('a response that is not ours is known by its conversation_id null', () => {
    const bench = given();
    bench.reads(created('resp_aside', { conversation_id: null }));
    expect(bench.shut).toEqual([]);
  });

  it('many may run at once, each with its own handle', () => {
    const bench = given();
    const [one, two] = [bench.asks('one', aside), undefined];
    bench.creates('resp_1', { conversation_id: null });
    const other = two ?? bench.asks('two', aside);
    bench.creates('resp_2', { conversation_id: null });
    bench.reads(done('resp_2'), done('resp_1', 'cancelled'));
    expect([one.outcome, other.outcome]).toEqual(['cancelled by client', 'completed']);
  });

  it('a request goes in the same step as one of the conversation', () => {
    const bench = given();
    bench.asksToConfigure({ instructions: 'Sing.' });
    bench.asks('story');
    bench.asks('aside', aside);
    bench.forget();
    bench.reads({ type: 'session.updated', session: { instructions: 'Sing.' } });
    expect(bench.created).toEqual(['story', 'aside']);
  });

  it("a request whose conversation is 'auto' is not", () => {
    const bench = given();
    bench.reads(created('resp_1'));
    expect(bench.asks('reply', { params: { conversation: 'auto' } }).verdict).toBe('hold: response-active');
  });
});
