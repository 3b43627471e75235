import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Redactor } from '../../src/record/redact.js';
import { Words } from '../../src/record/words.js';

const keyed = (key: string): Words => new Words((text) => createHmac('sha256', key).update(text).digest());
const words = keyed('a key');
const redactor = (content: 'redacted' | 'kept' = 'redacted', audio: 'left-out' | 'hashed' | 'kept' = 'left-out') =>
  new Redactor({ content, audio, words, hash: () => 'its hash' });

const event = (given: object): object => redactor().events([structuredClone(given)])[0]!;

describe('a text', () => {
  it('is replaced by letters for letters and digits for digits', () => {
    expect(words.replace('Peter, +49 (0)170?')).toMatch(/^[a-z]{5}, \+\d\d \(\d\)\d{3}\?$/);
    expect(words.replace('Peter')).not.toBe('peter');
  });

  it('keeps its length in code units, whatever it is written in, and its emptiness', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(words.replace(text)).toHaveLength(text.length);
      }),
    );
  });

  it('is replaced line by line: to join and to replace can be done in any order', () => {
    expect(words.replace('one\ntwo\n\none')).toBe(['one', 'two', '', 'one'].map(words.replace).join('\n'));
  });

  it('that is equal stays equal, and that is not stays unequal, however short', () => {
    const fresh = keyed('another key');
    const digits = '0 1 2 3 4 5 6 7 8 9'.split(' ').map(fresh.replace);
    expect(new Set(digits).size).toBe(10);
    expect('0 1 2 3 4 5 6 7 8 9'.split(' ').map(fresh.replace)).toEqual(digits);
  });

  it('comes to something else in every record', () => {
    expect(keyed('one').replace('My name is Peter')).not.toBe(keyed('two').replace('My name is Peter'));
  });
});

describe('of an event', () => {
  it('types, ids, names and settings are kept', () => {
    const settings = { model: 'gpt-realtime-2.1', output_modalities: ['audio'], audio: { output: { voice: 'marin' } } };
    const given = { type: 'session.update', event_id: 'gr_1', session: { ...settings, tool_choice: 'auto' } };
    expect(event(given)).toEqual(given);
  });

  it('what was said, and what the model was told, is replaced', () => {
    const part = { type: 'input_text', text: 'I am Peter' };
    const item = { type: 'message', role: 'user', content: [part] };
    expect(JSON.stringify(event({ type: 'conversation.item.create', item }))).not.toMatch(/Peter/);
    expect(JSON.stringify(event({ type: 'session.update', session: { instructions: 'Be kind.' } }))).not.toMatch(
      /kind/,
    );
  });

  it('what a program has put there for itself is replaced; our own part of it is kept', () => {
    const metadata = { name: 'Peter', id: 'customer 12', gated_token: 'gr_2', gated_purpose: 'greeting' };
    const { response } = event({ type: 'response.create', response: { metadata } }) as { response: object };
    expect(response).toMatchObject({ metadata: { gated_token: 'gr_2', gated_purpose: 'greeting' } });
    expect(JSON.stringify(response)).not.toMatch(/Peter|customer/);
  });

  it("the server's own message about an error is kept, without what looks like a key", () => {
    const error = { type: 'invalid_request_error', code: null, message: 'Incorrect key: sk-1234567890abcdef.' };
    expect(event({ type: 'error', error })).toEqual({
      type: 'error',
      error: { ...error, message: 'Incorrect key: [hidden]' },
    });
  });

  it('what a hosted tool says of its failure is no word of the server', () => {
    const item = { type: 'mcp_call', error: { type: 'tool', message: 'Peter is not a customer' } };
    expect(JSON.stringify(event({ type: 'response.output_item.done', item }))).not.toMatch(/Peter/);
  });

  it('the bytes of what was transcribed are replaced with it', () => {
    const logprobs = [{ token: 'Hi', logprob: -0.5, bytes: [72, 105] }];
    const { logprobs: [first] = [] } = event({ type: 'x', logprobs }) as { logprobs?: { bytes: number[] }[] };
    expect(first!.bytes).not.toEqual([72, 105]);
  });

  it('arguments stay valid JSON: their keys are kept, their values replaced, numbers too', () => {
    const args = JSON.stringify({ name: 'Peter', phone: 491701234567, wants: [1.5, true, null, ''] });
    const item = { type: 'function_call', name: 'save_lead', call_id: 'call_1', arguments: args };
    const { item: got } = event({ type: 'x', item }) as { item: typeof item };
    const parsed = JSON.parse(got.arguments) as { name: string; phone: number; wants: unknown[] };
    expect(got).toMatchObject({ name: 'save_lead', call_id: 'call_1' });
    expect(parsed.name).toMatch(/^[a-z]{5}$/);
    expect(String(parsed.phone)).toMatch(/^\d{12}$/);
    expect(parsed.phone).not.toBe(491701234567);
    expect(parsed.wants.slice(1)).toEqual([true, null, '']);
  });

  it('arguments that are no JSON stay none', () => {
    const item = { type: 'function_call', arguments: '{"name": "Pet' };
    expect(event({ type: 'x', item })).toEqual({
      type: 'x',
      item: { ...item, arguments: expect.stringMatching(/^\{"[a-z]{4}": "[a-z]{3}$/) as string },
    });
  });
});

describe('whatever is kept', () => {
  it('is without the credentials of hosted servers', () => {
    const mcp = {
      type: 'mcp',
      server_url: 'https://x.example',
      authorization: 'secret',
      headers: { 'X-Key': 'secret' },
    };
    const [kept] = redactor('kept').events([{ type: 'session.update', session: { tools: [mcp] } }]);
    expect(kept).toMatchObject({
      session: { tools: [{ ...mcp, authorization: '[hidden]', headers: { 'X-Key': '[hidden]' } }] },
    });
  });

  it.each([
    ['left-out', '8 characters of base64'],
    ['hashed', 'sha256 its hash, 8 characters of base64'],
    ['kept', 'AQIDBAUG'],
  ] as const)('the audio of an item is %s', (audio, left) => {
    const item = { content: [{ type: 'input_audio', audio: 'AQIDBAUG' }] };
    expect(redactor('kept', audio).events([{ type: 'x', item }])).toMatchObject([
      { item: { content: [{ audio: left }] } },
    ]);
  });
});

describe('of an effect', () => {
  it('a fault is kept, but for the words that a function of the user threw', () => {
    const thrown = { ref: 1, words: 'Peter is blocked' };
    const fault = { kind: 'fault', whose: 'user', message: `The tool 'look_up' failed: ${thrown.words}`, thrown };
    const told = redactor().machine([fault]);
    expect(told[0]!.message).toBe(`The tool 'look_up' failed: ${words.replace('Peter is blocked')}`);
    expect(told[0]!.thrown.words).toBe(words.replace('Peter is blocked'));
  });

  it('a setting that came back otherwise is treated as where it stands', () => {
    const voice = { path: 'audio.output.voice', asked: 'marin', got: 'alloy' };
    const persona = { path: 'instructions', asked: 'Be kind.', got: 'Be curt.' };
    const [same, replaced] = redactor().machine([{ ...voice }, { ...persona }]);
    expect(same).toEqual(voice);
    expect(replaced).toEqual({
      path: 'instructions',
      asked: words.replace('Be kind.'),
      got: words.replace('Be curt.'),
    });
  });

  it('an output that the machine itself has written is kept', () => {
    const output = '{"error":"The tool did not answer in time."}';
    const frame = { type: 'conversation.item.create', item: { type: 'function_call_output', call_id: 'c', output } };
    expect(event(frame)).toEqual(frame);
  });
});
