import { describe, expect, it } from 'vitest';
import { ledgerOf } from '../../src/machine/index.js';
import {
  created,
  done,
  failed,
  given,
  inWords,
  sessionUpdated,
  sessionWith,
  transcribed,
  type Bench,
} from './bench.js';

/** A thousand tokens of text each way: 0.4 cents in and 2.4 cents out of gpt-realtime-2.1, 28,000,000 nanodollars. */
const usage = { input_tokens: 1_000, output_tokens: 1_000 };
const PRICE = 28_000_000;
const ends = (bench: Bench, id: string, status = 'completed', fields: object = {}): void =>
  bench.reads(done(id, status, { ...inWords, usage, ...fields }));
const spent = (bench: Bench) => ledgerOf(bench.session);

describe('the ledger', () => {
  it.each(['completed', 'cancelled', 'incomplete', 'failed'])('counts a response that is %s', (status) => {
    const bench = given();
    bench.speaks('greeting', 'resp_1');
    ends(bench, 'resp_1', status);
    expect(spent(bench)).toMatchObject({
      total: { count: 1, nanoUsd: PRICE, unpriced: 0, tokens: { text: { input: 1_000, output: 1_000 } } },
      byPurpose: { greeting: { count: 1, nanoUsd: PRICE } },
      automatic: { count: 0 },
    });
  });

  it('counts a response beside the conversation', () => {
    const bench = given();
    bench.asks('summary', { params: { conversation: 'none' } });
    bench.creates('resp_1', { conversation_id: null });
    ends(bench, 'resp_1', 'completed', { conversation_id: null });
    expect(spent(bench).byPurpose).toMatchObject({ summary: { nanoUsd: PRICE } });
  });

  it('counts what the server answers by itself as nobody’s purpose', () => {
    const bench = given({ detection: 'automatic' });
    bench.reads(created('resp_1'));
    ends(bench, 'resp_1');
    expect(spent(bench)).toMatchObject({ automatic: { count: 1, nanoUsd: PRICE }, byPurpose: {}, total: { count: 1 } });
  });

  it('counts a response that was given up, by the purpose in its own metadata', () => {
    const bench = given({ limits: { responseMs: 1_000 } });
    bench.speaks('greeting', 'resp_1');
    const { metadata } = bench.lastCreate;
    bench.waits(1_000);
    ends(bench, 'resp_1', 'completed', { metadata });
    expect(spent(bench).byPurpose).toMatchObject({ greeting: { count: 1, nanoUsd: PRICE } });
  });

  it('counts a response whose created was lost, by the same', () => {
    const bench = given();
    bench.asks('greeting');
    ends(bench, 'resp_1', 'completed', { metadata: bench.lastCreate.metadata });
    expect(spent(bench).byPurpose).toMatchObject({ greeting: { count: 1 } });
  });

  it('does not take another writer’s purpose for one of its own', () => {
    const bench = given();
    ends(bench, 'resp_1', 'completed', { metadata: { gated_token: 'other_1', gated_purpose: 'greeting' } });
    expect(spent(bench)).toMatchObject({ automatic: { count: 1 }, byPurpose: {} });
  });

  it('counts a response once, however often its end is told', () => {
    const bench = given();
    bench.speaks('greeting', 'resp_1');
    ends(bench, 'resp_1');
    ends(bench, 'resp_1');
    expect(spent(bench).total.count).toBe(1);
  });

  it('does not count a response of which the server reports no usage', () => {
    const bench = given();
    bench.speaks('greeting', 'resp_1');
    bench.reads(failed('resp_1', 'server_error'));
    expect(spent(bench).total.count).toBe(0);
  });

  it('goes by the model that the server names, and does not guess what one costs that nobody knows', () => {
    const bench = given();
    bench.reads(sessionUpdated({ ...sessionWith('off'), model: 'gpt-realtime-9' }));
    bench.speaks('greeting', 'resp_1');
    ends(bench, 'resp_1');
    expect(spent(bench)).toMatchObject({
      model: 'gpt-realtime-9',
      total: { count: 1, nanoUsd: 0, unpriced: 1 },
      byModel: { 'gpt-realtime-9': { unpriced: 1 } },
      responses: [{ responseId: 'resp_1', nanoUsd: null }],
    });
  });

  it('prices the dated name of a model as the model', () => {
    const bench = given();
    bench.reads(sessionUpdated({ ...sessionWith('off'), model: 'gpt-realtime-2.1-2026-05-01' }));
    bench.speaks('greeting', 'resp_1');
    ends(bench, 'resp_1');
    expect(spent(bench).total.nanoUsd).toBe(PRICE);
  });

  it('counts a transcription once, at the price of the model that transcribes', () => {
    const bench = given();
    const settings = sessionWith('off', { audio: { input: { transcription: { model: 'whisper-1' } } } });
    bench.reads(sessionUpdated(settings));
    const heard = { ...transcribed('item_1'), content_index: 0, usage: { type: 'duration', seconds: 60 } };
    bench.reads(heard, heard);
    expect(spent(bench)).toMatchObject({
      transcription: { count: 1, nanoUsd: 6_000_000 },
      byModel: { 'whisper-1': { nanoUsd: 6_000_000 } },
      total: { nanoUsd: 6_000_000 },
    });
  });

  it('counts every create that was sent, the refused ones among them', () => {
    const bench = given();
    bench.asks('greeting');
    bench.reads({
      type: 'error',
      error: { type: 'invalid_request_error', code: 'x', message: 'No.', event_id: bench.creations[0]!['event_id'] },
    });
    bench.asks('greeting');
    expect(spent(bench).creates).toBe(2);
  });

  it('tells the operator once that very many have been asked for', () => {
    const bench = given({ limits: { creates: 2, responsesInARow: 9 } });
    for (const id of ['resp_1', 'resp_2', 'resp_3']) {
      bench.speaks('greeting', id);
      ends(bench, id);
    }
    expect(bench.faults).toEqual(['2 responses have been asked for in this session: does it go round in circles?']);
  });

  it('remembers the latest 256 responses one by one, and all of them in the sums', () => {
    const bench = given({ limits: { responsesInARow: 999, creates: 999 } });
    for (let count = 1; count <= 300; count++) {
      bench.speaks('greeting', `resp_${count}`);
      ends(bench, `resp_${count}`);
    }
    const { responses, total } = spent(bench);
    expect([responses.length, responses[0]?.responseId, total.count]).toEqual([256, 'resp_45', 300]);
    expect(total.nanoUsd).toBe(300 * PRICE);
  });

  it('keeps a purpose apart that is named like a property of every object', () => {
    const bench = given();
    bench.speaks('__proto__', 'resp_1');
    ends(bench, 'resp_1');
    expect(Object.keys(spent(bench).byPurpose)).toEqual(['__proto__']);
  });
});
