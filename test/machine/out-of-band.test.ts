import { describe, expect, it } from 'vitest';
import { created, done, given, speechStarted, speechStopped, type Bench } from './bench.js';

const aside = { params: { conversation: 'none' } } as const;
const aloud = { params: { conversation: 'none', output_modalities: ['audio'] } } as const;
type Shuts = readonly [string, (gate: Bench) => unknown];

const asked: readonly Shuts[] = [
  ['closed', (gate) => gate.step({ type: 'gone', code: null, reason: '' })],
  ['closing', (gate) => gate.step({ type: 'close' })],
  ['hangup-pending', (gate) => gate.step({ type: 'know', fact: 'hangup' })],
  ['over-budget', (gate) => gate.step({ type: 'know', fact: 'over-budget' })],
  ['unconfirmed', (gate) => gate.asksToConfigure({ instructions: 'Sing.' })],
];
const audible: readonly Shuts[] = [
  ['user-speaking', (gate) => gate.reads(speechStarted())],
  ['response-imminent', (gate) => gate.reads(speechStopped())],
  ['playback', (gate) => gate.step({ type: 'know', fact: 'playing' })],
];
const notAsked: readonly Shuts[] = [
  ['response-active', (gate) => gate.reads(created('resp_1'))],
  [
    'loop',
    (gate) => {
      gate.speaks('story', 'resp_1');
      gate.reads(done('resp_1'));
    },
  ],
];
const shut = (shuts: Shuts[1]): Bench => {
  const gate = given({ detection: 'automatic', limits: { responsesInARow: 1 } });
  shuts(gate);
  gate.forget();
  return gate;
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

  it.each(notAsked)('a request for audio does not ask %s', (_, shuts) => {
    expect(shut(shuts).asks('aside', aloud).verdict).toBe('admit');
  });

  it('a response defaults to text', () => {
    const gate = given();
    gate.asks('aside', aside);
    expect(gate.written[0]).toMatchObject({ response: { conversation: 'none', output_modalities: ['text'] } });
  });

  it('a response is what it asks to be', () => {
    const gate = given();
    gate.asks('aside', aloud);
    expect(gate.written[0]).toMatchObject({ response: { output_modalities: ['audio'] } });
  });

  it('a create does not hold the slot, nor does its response', () => {
    const gate = given();
    gate.asks('aside', aside);
    expect(gate.shut).toEqual([]);
    gate.creates('resp_aside', { conversation_id: null });
    expect(gate.shut).toEqual([]);
  });

  it('a response does not free the slot', () => {
    const gate = given();
    gate.speaks('story', 'resp_1');
    gate.reads(
      created('resp_aside', { conversation_id: null }),
      done('resp_aside', 'completed', { conversation_id: null }),
    );
    expect(gate.shut).toEqual(['response-active']);
  });

  it('a response that is not ours is known by its conversation_id null', () => {
    const gate = given();
    gate.reads(created('resp_aside', { conversation_id: null }));
    expect(gate.shut).toEqual([]);
  });

  it('many may run at once, each with its own handle', () => {
    const gate = given();
    const [one, two] = [gate.asks('one', aside), undefined];
    gate.creates('resp_1', { conversation_id: null });
    const other = two ?? gate.asks('two', aside);
    gate.creates('resp_2', { conversation_id: null });
    gate.reads(done('resp_2'), done('resp_1', 'cancelled'));
    expect([one.outcome, other.outcome]).toEqual(['cancelled by client', 'completed']);
  });

  it('a request goes in the same step as one of the conversation', () => {
    const gate = given();
    gate.asksToConfigure({ instructions: 'Sing.' });
    gate.asks('story');
    gate.asks('aside', aside);
    gate.forget();
    gate.reads({ type: 'session.updated', session: { instructions: 'Sing.' } });
    expect(gate.created).toEqual(['story', 'aside']);
  });

  it("a request whose conversation is 'auto' is not", () => {
    const gate = given();
    gate.reads(created('resp_1'));
    expect(gate.asks('reply', { params: { conversation: 'auto' } }).verdict).toBe('hold: response-active');
  });
});
