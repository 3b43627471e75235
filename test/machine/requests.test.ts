import { describe, expect, it } from 'vitest';
import {
  audioDelta,
  conflict,
  created,
  done,
  firstItem,
  given,
  itemAdded,
  refusal,
  serverPlays,
  speechStarted,
  speechStopped,
  turn,
  type Asked,
  type Bench,
  type Options,
} from './bench.js';
import { lasting, returns } from './lines.js';

/** This many milliseconds of speech are being heard, and the response that produced them has ended. */
const hearing = (ms: number, options: Parameters<typeof given>[0] = {}): Bench => {
  const bench = given({ playback: 'waits', ...options });
  bench.reads(created('resp_0'), audioDelta('resp_0', ms), done('resp_0'));
  return bench;
};

describe('the clock of a request that waits', () => {
  it('stands still while playback is all that it waits for', () => {
    const bench = hearing(30_000);
    const reply = bench.asks('reply', { holdForMs: 1_000 });
    bench.waits(29_999);
    expect(reply.verdict).toBe('hold: playback');
    bench.waits(1);
    expect(reply.verdict).toBe('admit');
  });

  it('stands still while no line is live, even if the same guards hold it as before', () => {
    const bench = lasting({}, { attempts: 50 });
    bench.asksToConfigure({ voice: 'cedar' });
    const reply = bench.asks('reply', { holdForMs: 1_000 });
    bench.loses();
    bench.waits(5_000);
    expect(reply.verdict).toBe('hold: unconfirmed');
  });

  it('runs once a line is live again, even if the same guards hold it as before', () => {
    const bench = lasting({}, { attempts: 50 });
    bench.asksToConfigure({ voice: 'cedar' });
    bench.asksToConfigure({ instructions: 'Be brief.' });
    bench.loses();
    const reply = bench.asks('reply', { holdForMs: 1_000 });
    bench.waits(100);
    returns(bench);
    bench.waits(1_000);
    expect(reply.verdict).toBe('refuse: expired');
  });

  it('runs while anything else is shut, too', () => {
    const bench = hearing(30_000);
    bench.turns('begins');
    const reply = bench.asks('reply', { holdForMs: 1_000 });
    bench.waits(1_000);
    expect(reply.verdict).toBe('refuse: expired');
  });

  it('runs on from where it stood', () => {
    const bench = hearing(30_000);
    bench.turns('begins');
    const reply = bench.asks('reply', { holdForMs: 1_000 });
    bench.waits(600);
    bench.turns('ends');
    bench.waits(5_000);
    bench.turns('begins');
    bench.waits(399);
    expect(reply.outcome).toBe('open');
    bench.waits(1);
    expect(reply.verdict).toBe('refuse: expired');
  });

  it('runs on from where it stood, however often it was looked at meanwhile', () => {
    const bench = hearing(30_000);
    bench.waits(100);
    bench.turns('begins');
    const reply = bench.asks('reply', { holdForMs: 1_000 });
    bench.waits(600);
    bench.turns('ends');
    bench.waits(2_000);
    bench.step({ type: 'reconsider' });
    bench.waits(3_000);
    bench.turns('begins');
    bench.waits(399);
    expect(reply.outcome).toBe('open');
    bench.waits(1);
    expect(reply.verdict).toBe('refuse: expired');
  });

  it('runs while a guard of the user is shut as well as playback', () => {
    const bench = hearing(30_000, { guards: [{ name: 'office-hours', kind: 'transient', shut: () => true }] });
    const reply = bench.asks('reply', { holdForMs: 1_000 });
    expect(reply.verdict).toBe('hold: playback, office-hours');
    bench.waits(1_000);
    expect(reply.verdict).toBe('refuse: expired');
  });

  it('stands still for each request by itself', () => {
    const bench = hearing(30_000);
    bench.turns('begins');
    const shy = bench.asks('shy', { holdForMs: 500 });
    const bold = bench.asks('bold', { holdForMs: 500, override: ['user-speaking'] });
    bench.waits(500);
    expect([shy.verdict, bold.verdict]).toEqual(['refuse: expired', 'hold: playback']);
  });

  it('begins again when the request is put back', () => {
    const bench = given();
    const reply = bench.asks('reply', { params: {}, holdForMs: 1_000 });
    bench.waits(900);
    bench.reads(conflict(bench.lastCreate.eventId, 'resp_9'));
    bench.waits(999);
    expect(reply.outcome).toBe('open');
    bench.waits(1);
    expect(reply.outcome).toBe('unsent by expired');
  });
});

describe('a request whose signal had been aborted', () => {
  it('is refused as withdrawn, with a record, and nothing is sent', () => {
    const bench = given();
    const reply = bench.asks('reply', { withdrawn: true });
    expect([reply.verdict, reply.outcome]).toEqual(['refuse: withdrawn', 'unsent by withdrawn']);
    expect(bench.records).toMatchObject([{ purpose: 'reply', verdict: 'refuse', by: 'withdrawn', heldBy: [] }]);
    expect(bench.written).toEqual([]);
  });

  it('is refused as withdrawn even where a guard would refuse it', () => {
    const bench = given();
    bench.closes();
    expect(bench.asks('reply', { withdrawn: true }).verdict).toBe('refuse: withdrawn');
  });

  it('interrupts nothing', () => {
    const bench = given();
    bench.reads(created('resp_1'));
    bench.asks('alarm', { withdrawn: true, interrupt: true });
    expect(bench.cancelled).toEqual([]);
  });
});

describe('a request that interrupts', () => {
  it('ends what is still being heard, and goes in the same step', () => {
    const bench = hearing(5_000);
    bench.waits(1_000);
    const alarm = bench.asks('alarm', { interrupt: true });
    expect(alarm.verdict).toBe('admit');
    expect(bench.truncated).toEqual([['item_of_resp_0', 1_000]]);
  });

  it('ends what is still being heard, also where that shuts nothing', () => {
    const bench = hearing(5_000, { playback: 'goes on' });
    bench.waits(1_000);
    bench.asks('alarm', { interrupt: true });
    expect(bench.truncated).toEqual([['item_of_resp_0', 1_000]]);
  });

  it('ends what is being heard at once, though the response still holds the slot', () => {
    const bench = given();
    bench.reads(created('resp_0'), audioDelta('resp_0', 5_000));
    bench.waits(1_000);
    bench.asks('alarm', { interrupt: true });
    expect(bench.truncated).toEqual([['item_of_resp_0', 1_000]]);
  });

  it('ends what is being heard once: what is said while it still waits is left alone', () => {
    const bench = given();
    bench.reads(created('resp_0'), audioDelta('resp_0', 5_000));
    bench.waits(1_000);
    bench.asks('alarm', { interrupt: true });
    bench.reads(created('resp_1'), audioDelta('resp_1', 5_000));
    bench.waits(1_000);
    bench.step({ type: 'reconsider' });
    expect(bench.notices.filter(({ kind }) => kind === 'cut')).toHaveLength(1);
  });

  it('asks a server that plays to stop once, however long it waits', () => {
    const bench = given();
    bench.reads(created('resp_0'), serverPlays('started', 'resp_0'));
    bench.asks('alarm', { interrupt: true });
    bench.step({ type: 'reconsider' });
    expect(bench.written.filter(({ type }) => type === 'output_audio_buffer.clear')).toHaveLength(1);
  });

  it('ends nothing while another guard is shut to it', () => {
    const bench = hearing(5_000);
    bench.waits(1_000);
    bench.turns('begins');
    bench.asks('alarm', { interrupt: true });
    expect(bench.truncated).toEqual([]);
  });

  it('ends nothing if it is refused', () => {
    const bench = hearing(5_000);
    bench.waits(1_000);
    bench.hangsUp({ onBargeIn: 'hang-up' });
    bench.asks('alarm', { interrupt: true });
    expect(bench.truncated).toEqual([]);
  });

  it('beside the conversation ends nothing', () => {
    const bench = hearing(5_000, { playback: 'goes on' });
    bench.waits(1_000);
    bench.asks('alarm', { interrupt: true, params: { conversation: 'none' } });
    expect(bench.truncated).toEqual([]);
  });
});

describe('a request that follows what the server has done itself', () => {
  const held = (options: object = {}): { bench: Bench; asked: ReturnType<Bench['asks']> } => {
    const bench = given({ detection: 'automatic' });
    bench.reads(speechStarted());
    const asked = bench.asks('tool:mcp', { origin: 'follow-up', unseenBefore: bench.session.steps, ...options });
    return { bench, asked };
  };

  it('merges into an answer that was triggered after it', () => {
    const { bench, asked } = held();
    bench.reads(speechStopped(), created('resp_1'), firstItem('resp_1'));
    expect(asked.verdict).toBe('merge: resp_1');
  });

  it('does not merge into one whose trigger was read before', () => {
    const bench = given({ detection: 'automatic' });
    bench.reads(...turn());
    const asked = bench.asks('tool:mcp', { origin: 'follow-up', unseenBefore: bench.session.steps });
    bench.reads(created('resp_1'), firstItem('resp_1'));
    expect(asked.verdict).toBe('hold: response-imminent');
  });

  it('merges into one that nobody triggered here: another party asked for it', () => {
    const bench = given({ line: 'sideband' });
    bench.turns('begins');
    const asked = bench.asks('tool:mcp', { origin: 'follow-up', unseenBefore: bench.session.steps });
    bench.reads(created('resp_1'), firstItem('resp_1'));
    expect(asked.verdict).toBe('merge: resp_1');
  });

  it('with parameters of its own merges into nothing', () => {
    const { bench, asked } = held({ params: { tool_choice: 'none' } });
    bench.reads(speechStopped(), created('resp_1'), firstItem('resp_1'), done('resp_1', 'cancelled'));
    expect(asked.verdict).toBe('admit');
  });
});

describe('a follow-up', () => {
  it('with parameters of its own merges into nothing, and takes nothing along', () => {
    const bench = given();
    bench.sends('item_1');
    bench.reads(created('resp_0'));
    const shaped = bench.asks('tool:a', { origin: 'follow-up', params: { instructions: 'Sing.' } });
    const plain = bench.asks('tool:b', { origin: 'follow-up' });
    bench.reads(done('resp_0'));
    expect([shaped.verdict, plain.verdict]).toEqual(['admit', 'hold: response-active']);
  });

  it('that goes out for several continues the deepest of them', () => {
    const bench = given();
    bench.sends('item_1');
    bench.reads(created('resp_0'));
    bench.asks('first', { depth: 1 });
    bench.asks('second', { origin: 'follow-up', depth: 3 });
    bench.asks('third', { depth: 2 });
    bench.reads(done('resp_0'));
    bench.creates('resp_1');
    expect(bench.session.responses.open.get('resp_1')?.request?.depth).toBe(3);
  });
});

describe('the record', () => {
  it('says how long after the last request each was made', () => {
    const bench = given();
    bench.now = 100;
    bench.asks('one', { whenBlocked: 'refuse' });
    bench.now = 350;
    bench.asks('two', { whenBlocked: 'refuse' });
    expect(bench.records.map(({ sinceLastMs }) => sinceLastMs)).toEqual([null, 250]);
  });

  it('names the response that it merged into', () => {
    const bench = given({ detection: 'automatic' });
    bench.sends('item_1');
    bench.reads(itemAdded('item_1'), speechStarted());
    bench.asks('reply');
    bench.reads(speechStopped(), created('resp_1'), firstItem('resp_1'));
    expect(bench.records).toMatchObject([{ verdict: 'merge', response: 'resp_1' }]);
  });

  it('names no response where it merged into another request', () => {
    const bench = given();
    bench.sends('item_1');
    bench.reads(created('resp_0'));
    bench.asks('first');
    bench.asks('second');
    bench.reads(done('resp_0'));
    expect(bench.records).toMatchObject([
      { verdict: 'admit', response: null },
      { verdict: 'merge', response: null },
    ]);
  });
});

describe('a create that is out', () => {
  it('of which cancel was wished is withdrawn by a conflict', () => {
    const bench = given();
    const story = bench.asks('story');
    story.cancels();
    bench.reads(conflict(bench.lastCreate.eventId, 'resp_9'));
    expect(story.outcome).toBe('unsent by withdrawn');
  });

  it('is refused with the server’s words', () => {
    const bench = given();
    bench.asks('story');
    bench.reads(refusal('invalid_value', bench.lastCreate.eventId, 'Too long.'));
    expect(bench.notices).toContainEqual(
      expect.objectContaining({ outcome: { status: 'unsent', by: 'rejected', message: 'Too long.' } }),
    );
  });

  it('whose response exists is refused no more: an error that names it is a fault', () => {
    const bench = given();
    bench.speaks('story', 'resp_1');
    bench.reads(refusal('x', bench.lastCreate.eventId));
    expect(bench.faults).toEqual(['The server reports an error (x): No.']);
  });

  it.each<[string, Parameters<typeof given>[0], (story: Asked) => void, string]>([
    ['was withdrawn', {}, (story) => story.cancels(), 'unsent by withdrawn'],
    ['met the slot taken too often', { limits: { conflicts: 0 } }, () => undefined, 'unsent by rejected'],
  ])('that %s by an error without an id is told once, though its response comes', (_, options, happens, outcome) => {
    const bench = given(options);
    const story = bench.asks('story');
    happens(story);
    bench.reads(conflict(null, 'resp_9'));
    bench.creates('resp_1');
    bench.reads(done('resp_1'));
    expect(story.outcome).toBe(outcome);
  });

  it('is told how often the slot was taken, in the end', () => {
    const bench = given({ limits: { conflicts: 1 } });
    bench.asks('story');
    bench.reads(conflict(bench.lastCreate.eventId, 'resp_9'), done('resp_9', 'cancelled'));
    bench.reads(conflict(bench.lastCreate.eventId, 'resp_9'));
    expect(JSON.stringify(bench.notices)).toContain('The slot of the conversation was taken 2 times.');
  });
});

describe('a create that was given up, and is answered after all', () => {
  /** A request that is given up because the server does not answer. Returns the metadata of its create. */
  const givenUp = (bench: Bench, purpose: string, options: Options = {}): object => {
    bench.asks(purpose, options);
    const { metadata } = bench.lastCreate;
    bench.waits(10_000);
    return { metadata };
  };

  it('leaves alone what has nothing to do with it', () => {
    const bench = given();
    const [story, joke] = [givenUp(bench, 'story'), givenUp(bench, 'joke')];
    bench.reads(created('resp_1', story), done('resp_1'), created('resp_2', joke));
    expect(bench.cancelled).toEqual([]);
  });

  it.each(['apology', 'farewell'] as const)('as %s does not stand for the answer, which may still come', (origin) => {
    const bench = given();
    const [story, sorry] = [givenUp(bench, 'story'), givenUp(bench, 'sorry', { origin, root: 1 })];
    bench.reads(created('resp_1', sorry), done('resp_1'), created('resp_2', story));
    expect(bench.cancelled).toEqual([]);
  });

  it('and was to be cancelled does not stand for the answer, which may still come', () => {
    const bench = given();
    const story = givenUp(bench, 'story');
    const retry = bench.asks('retry', { origin: 'retry', root: 1 });
    const { metadata } = bench.lastCreate;
    retry.cancels();
    bench.waits(10_000);
    bench.reads(created('resp_1', { metadata }), done('resp_1', 'cancelled'), created('resp_2', story));
    expect(bench.cancelled).toEqual(['resp_1']);
  });
});

describe('a request of the session’s own', () => {
  it('overrides no guard', () => {
    const bench = given();
    bench.hangsUp();
    expect(Object.keys(bench.lastCreate.metadata)).toEqual(['gated_token', 'gated_purpose']);
    expect(bench.records.map(({ overrides }) => overrides)).toEqual([[]]);
  });
});
