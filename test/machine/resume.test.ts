import { describe, expect, it } from 'vitest';
import {
  audioDelta,
  call,
  created,
  done,
  firstItem,
  hosted,
  speechStarted,
  speechStopped,
  committed,
  textDelta,
  toolSet,
  turn,
  type Bench,
} from './bench.js';
import { brings, lasting, returns, says } from './lines.js';
import { policy } from './policy.js';

type Given = Parameters<typeof lasting>[0];
const resuming = (options: Given = {}): Bench => lasting({ recovery: { ...policy, lost: 'resume' }, ...options });
const loseNext = (bench: Bench): void => void bench.step({ type: 'gone', code: 1006, reason: '', line: 2 });
const resumed = (bench: Bench): readonly unknown[] =>
  bench.creations.filter((frame) => JSON.stringify(frame).includes('lost-resume'));
const PARAMS = { instructions: 'Tell it.' };

describe('what a lost line has broken off', () => {
  it('is not asked for again unless the plan says so', () => {
    for (const options of [{}, { recovery: policy }]) {
      const bench = lasting(options);
      bench.asks('greeting');
      bench.loses();
      returns(bench);
      expect(bench.created).toEqual(['greeting']);
    }
  });

  it('7: is asked for once more where the create was out, with its own parameters', () => {
    const bench = resuming();
    bench.asks('greeting', { params: PARAMS });
    bench.loses();
    returns(bench);
    expect(bench.created).toEqual(['greeting', 'lost-resume']);
    expect(bench.lastCreate).toMatchObject({ metadata: { gated_purpose: 'lost-resume' } });
    expect(resumed(bench)).toMatchObject([{ response: PARAMS }]);
  });

  it('is asked for with its own parameters where its response had brought nothing', () => {
    const bench = resuming();
    bench.speaks('greeting', 'resp_1', { params: PARAMS });
    bench.loses();
    returns(bench);
    expect(resumed(bench)).toMatchObject([{ response: PARAMS }]);
  });

  it('3: is gone on with where a sentence lacks its end, once all that was said has been heard', () => {
    const bench = resuming();
    bench.speaks('story', 'resp_1', { params: PARAMS });
    says(bench, { text: 'Once upon a time there was', ms: 6_000, whole: false });
    bench.waits(1_000);
    bench.loses();
    returns(bench);
    expect(resumed(bench)).toEqual([]);
    bench.waits(6_000);
    expect(resumed(bench)).toHaveLength(1);
    expect(JSON.stringify(resumed(bench))).not.toContain('Tell it.');
  });

  it('lacks nothing where the sentence had come to its end', () => {
    const bench = resuming();
    bench.speaks('story', 'resp_1');
    says(bench, { text: 'The end.', ms: 500 });
    bench.loses();
    returns(bench);
    bench.waits(3_000);
    expect(resumed(bench)).toEqual([]);
  });

  it('lacks nothing where the caller had cut it', () => {
    const bench = resuming({ detection: 'quiet' });
    bench.speaks('story', 'resp_1');
    says(bench, { text: 'Once upon a time', ms: 6_000, whole: false });
    bench.waits(1_000);
    bench.reads(speechStarted());
    bench.loses();
    returns(bench, 'quiet');
    bench.waits(3_000);
    expect(resumed(bench)).toEqual([]);
  });

  it('is gone on with where text had begun', () => {
    const bench = resuming();
    bench.speaks('story', 'resp_1', { params: PARAMS });
    bench.reads({ ...firstItem('resp_1'), item: { id: 'item_1', type: 'message' } });
    bench.reads({ ...textDelta('resp_1'), item_id: 'item_1' });
    bench.loses();
    returns(bench);
    expect([resumed(bench).length, JSON.stringify(resumed(bench)).includes('Tell it.')]).toEqual([1, false]);
  });

  it('is answered where the server was to answer a turn, also where its answer had begun', () => {
    const waiting = resuming({ detection: 'automatic' });
    waiting.reads(...turn('item_1'));
    const begun = resuming({ detection: 'automatic' });
    begun.reads(...turn('item_1'), created('resp_1'));
    for (const bench of [waiting, begun]) {
      bench.loses();
      returns(bench, 'automatic');
      expect(resumed(bench)).toHaveLength(1);
    }
  });

  it('is not where nobody but the program answers turns', () => {
    const bench = resuming({ detection: 'quiet' });
    bench.reads(...turn('item_1'));
    bench.loses();
    returns(bench, 'quiet');
    expect(resumed(bench)).toEqual([]);
  });

  it('is not where the last word is an item of the program’s', () => {
    const bench = resuming({ detection: 'automatic' });
    const content = [{ type: 'input_text', text: 'Well?' }];
    bench.sends('item_1', { type: 'message', role: 'user', content });
    bench.loses();
    returns(bench, 'automatic');
    expect(resumed(bench)).toEqual([]);
  });

  it('is asked for though the model has spoken often without the caller', () => {
    const bench = resuming({ limits: { responsesInARow: 1 } });
    bench.speaks('greeting', 'resp_1');
    bench.loses();
    returns(bench);
    expect([bench.shut, resumed(bench).length]).toEqual([['loop', 'response-active'], 1]);
  });

  it('is asked for after a round whose hosted calls were lost', () => {
    const bench = resuming({ tools: toolSet([], ['maps']) });
    bench.speaks('story', 'resp_1');
    bench.reads(hosted('resp_1', 'mcp_1'), done('resp_1'));
    bench.loses();
    returns(bench);
    expect([bench.rounds.map(({ followUp }) => followUp), resumed(bench).length]).toEqual([['lost'], 1]);
  });

  it('counts as the request rather than as a sentence, and is one request', () => {
    const bench = resuming();
    bench.asks('greeting', { params: PARAMS });
    bench.reads(created('resp_1'));
    says(bench, { text: 'Once', ms: 100, whole: false });
    bench.loses();
    returns(bench);
    bench.waits(5_000);
    expect(resumed(bench)).toMatchObject([{ response: PARAMS }]);
  });
});

describe('nothing is resumed', () => {
  it('where another request waits', () => {
    const bench = resuming();
    bench.asks('greeting');
    bench.loses();
    bench.asks('question');
    returns(bench);
    expect(bench.created).toEqual(['greeting', 'question']);
  });

  it('4: where a tool still runs: its round has a follow-up of its own', () => {
    const bench = resuming({ tools: toolSet(['look']) });
    bench.speaks('story', 'resp_1');
    bench.reads(call('resp_1', 'call_1'));
    bench.loses();
    returns(bench);
    bench.returns('call_1');
    expect(bench.created).toEqual(['story', 'tool:look']);
  });

  it('of a response that called a tool', () => {
    const bench = resuming({ tools: toolSet(['look']) });
    bench.speaks('story', 'resp_1');
    bench.reads(call('resp_1', 'call_1'));
    bench.returns('call_1', { reply: 'silent' });
    bench.loses();
    returns(bench);
    expect(bench.created).toEqual(['story']);
  });

  it('8: of a farewell, nor while the call is being ended', () => {
    const said = resuming();
    said.hangsUp();
    said.creates('resp_1');
    said.reads(audioDelta('resp_1', 2_000));
    said.loses();
    returns(said);
    const out = resuming();
    out.asks('greeting');
    out.hangsUp();
    out.loses();
    returns(out);
    expect([resumed(said), resumed(out)]).toEqual([[], []]);
  });

  it.each<[string, (bench: Bench) => void]>([
    ['the caller has pressed the button', (bench) => bench.turns('begins')],
    ['it was interrupted', (bench) => void bench.step({ type: 'interrupt' })],
    ['it was cancelled', (bench) => void bench.step({ type: 'cancel', of: { request: 1 } })],
    ['the call is ended', (bench) => bench.hangsUp({ farewell: null })],
  ])('where %s meanwhile', (_, does) => {
    const bench = resuming();
    bench.asks('greeting');
    bench.loses();
    does(bench);
    returns(bench);
    expect(resumed(bench)).toEqual([]);
  });

  it('otherwise where another request is cancelled meanwhile', () => {
    const bench = resuming();
    bench.asks('greeting');
    bench.loses();
    bench.step({ type: 'cancel', of: { request: 7 } });
    returns(bench);
    expect(resumed(bench)).toHaveLength(1);
    bench.step({ type: 'cancel', of: { request: 7 } });
  });

  it('of what had been cancelled, or was beside the conversation', () => {
    const cancelled = resuming();
    cancelled.asks('greeting').cancels();
    const cut = resuming();
    cut.speaks('greeting', 'resp_1');
    cut.step({ type: 'interrupt' });
    const beside = resuming();
    beside.asks('notes', { params: { conversation: 'none' } });
    const saidBeside = resuming();
    saidBeside.speaks('notes', 'resp_1', { params: { conversation: 'none' } });
    for (const bench of [cancelled, cut, beside, saidBeside]) {
      bench.loses();
      returns(bench);
      expect(resumed(bench)).toEqual([]);
    }
  });

  it('once the session has ended', () => {
    const lost = resuming();
    lost.asks('greeting');
    lost.loses(1008);
    const closed = resuming();
    closed.asks('greeting');
    closed.loses();
    closed.closes();
    expect([lost.session.brokenOff, closed.session.brokenOff]).toEqual([null, null]);
  });
});

describe('a resumed request', () => {
  it('is taken back by another turn of the caller', () => {
    const bench = resuming({ detection: 'quiet' });
    bench.speaks('story', 'resp_1');
    says(bench, { text: 'Once upon a time', ms: 6_000, whole: false });
    bench.loses();
    returns(bench, 'quiet');
    brings(bench, speechStarted(), speechStopped());
    bench.waits(10_000);
    expect(resumed(bench)).toEqual([]);
  });

  it('merges into an answer of the server’s own', () => {
    const bench = resuming({ detection: 'automatic' });
    bench.speaks('story', 'resp_1');
    says(bench, { text: 'Once upon a time', ms: 6_000, whole: false });
    bench.loses();
    returns(bench, 'automatic');
    brings(bench, { type: 'input_audio_buffer.timeout_triggered', item_id: 'item_2' }, committed('item_2'));
    brings(bench, created('resp_2'), firstItem('resp_2'), done('resp_2'));
    bench.waits(10_000);
    const record = bench.records.find(({ purpose }) => purpose === 'lost-resume');
    expect([resumed(bench), record?.verdict]).toEqual([[], 'merge']);
  });

  it('that waits goes on waiting where the line is lost again, and is one', () => {
    const bench = resuming();
    bench.speaks('story', 'resp_1');
    says(bench, { text: 'Once upon a time', ms: 6_000, whole: false });
    bench.loses();
    returns(bench);
    loseNext(bench);
    returns(bench);
    bench.waits(10_000);
    expect(resumed(bench)).toHaveLength(1);
  });

  it('that is lost in its turn is asked for again', () => {
    const bench = resuming();
    bench.asks('greeting', { params: PARAMS });
    bench.loses();
    returns(bench);
    loseNext(bench);
    returns(bench);
    expect(resumed(bench)).toMatchObject([{ response: PARAMS }, { response: PARAMS }]);
  });
});
