import { describe, expect, it } from 'vitest';
import { stateOf } from '../../src/machine/index.js';
import {
  audioDelta,
  conflict,
  created,
  done,
  failed,
  rateLimits,
  refusal,
  sessionUpdated,
  sessionWith,
  speechStarted,
  turn,
  type Asked,
  type Bench,
} from './bench.js';
import { fails, recovering, withRow } from './policy.js';

describe('a failed response', () => {
  it('is asked for again after its backoff, with a purpose of its own and its own parameters', () => {
    const bench = recovering();
    fails(bench, 'server_error');
    bench.waits(499);
    expect(bench.created).toEqual(['story']);
    bench.waits(1);
    expect(bench.created).toEqual(['story', 'server-error-retry']);
    expect(bench.creations[1]).toMatchObject({ response: { instructions: 'Tell it.' } });
    expect(bench.faults).toEqual(['A response failed: server-error. It is asked for again, retry 1 of 1.']);
  });

  it('of the server’s own is asked for again as well', () => {
    const bench = recovering();
    bench.reads(created('resp_1'), failed('resp_1', 'server_error'));
    bench.waits(500);
    expect(bench.created).toEqual(['server-error-retry']);
  });

  it('is answered: nothing more is done', () => {
    const bench = recovering();
    fails(bench, 'server_error');
    bench.waits(500);
    bench.creates('resp_2');
    bench.reads(audioDelta('resp_2', 10), done('resp_2'));
    bench.waits(60_000);
    expect([bench.created, bench.commands]).toEqual([['story', 'server-error-retry'], []]);
  });

  it('has its backoff doubled with each retry', () => {
    const bench = withRow('server-error', { retries: 3 });
    fails(bench, 'server_error');
    for (const [index, backoff] of [500, 1_000, 2_000].entries()) {
      bench.waits(backoff - 1);
      expect(bench.created).toHaveLength(index + 1);
      bench.waits(1);
      expect(bench.created).toHaveLength(index + 2);
      bench.creates(`resp_${index + 2}`);
      bench.reads(failed(`resp_${index + 2}`, 'server_error'));
    }
    expect(bench.created.at(-1)).toBe('server-error-apology');
  });

  it('has an apology said once its retries are spent, and the call is hung up', () => {
    const bench = recovering();
    fails(bench, 'server_error');
    bench.waits(500);
    bench.creates('resp_2');
    bench.reads(failed('resp_2', 'server_error'));
    expect(bench.created.at(-1)).toBe('server-error-apology');
    bench.creates('resp_3');
    bench.reads(audioDelta('resp_3', 100), done('resp_3'));
    bench.waits(100);
    expect(bench.commands).toEqual([{ do: 'end-call', why: 'failure' }]);
    expect(bench.faults.at(-1)).toBe('A response failed: server-error. The user hears an apology; then: hang-up.');
  });

  it('beside the conversation is its asker’s to see', () => {
    const bench = recovering();
    bench.speaks('aside', 'resp_1', { params: { conversation: 'none' } });
    bench.reads(failed('resp_1', 'server_error'));
    bench.waits(1_000);
    expect(bench.created).toEqual(['aside']);
  });

  it.each(['cancelled', 'completed'])('is not one that was %s, and was heard', (status) => {
    const bench = recovering();
    bench.speaks('story', 'resp_1');
    bench.reads(audioDelta('resp_1'), done('resp_1', status));
    bench.waits(1_000);
    expect([bench.created, bench.faults]).toEqual([['story'], []]);
  });

  it('is one that never ended, or was never created', () => {
    for (const asks of [(bench: Bench) => bench.speaks('story', 'resp_1'), (bench: Bench) => bench.asks('story')]) {
      const bench = recovering();
      asks(bench);
      bench.waits(60_500);
      expect(bench.created).toContain('server-error-retry');
    }
  });

  it.each<[string, (bench: Bench) => void]>([
    ['fails', (bench) => bench.reads(refusal('server_error', bench.lastCreate.eventId))],
    ['is never answered', (bench) => bench.waits(10_000)],
  ])('beside the conversation that %s before it exists is its asker’s to see', (_, happens) => {
    const bench = recovering();
    bench.asks('aside', { params: { conversation: 'none' } });
    happens(bench);
    bench.waits(1_000);
    expect(bench.created).toEqual(['aside']);
  });

  it('that was cancelled before the server refused it is not made good', () => {
    const bench = recovering();
    const story = bench.asks('story');
    story.cancels();
    bench.reads(refusal('server_error', bench.lastCreate.eventId));
    bench.waits(1_000);
    expect([bench.created, bench.faults]).toEqual([['story'], []]);
  });

  it('is not made good while a hang-up is under way', () => {
    const bench = recovering();
    bench.speaks('story', 'resp_1');
    bench.hangsUp();
    bench.reads(failed('resp_1', 'server_error'));
    bench.waits(1_000);
    expect([bench.created, bench.faults]).toEqual([['story', 'farewell'], []]);
  });

  it('during a hang-up is that hang-up’s', () => {
    const bench = recovering();
    bench.hangsUp();
    bench.creates('resp_1');
    bench.reads(failed('resp_1', 'server_error'));
    expect(bench.created).toEqual(['farewell']);
  });
});

describe('a retry', () => {
  it('is called off by a turn of the user', () => {
    const bench = recovering({ detection: 'quiet' });
    fails(bench, 'server_error');
    bench.reads(speechStarted());
    bench.waits(1_000);
    expect(bench.created).toEqual(['story']);
    expect(stateOf(bench.session, 0).recovery).toEqual([]);
  });

  it('is called off by an answer that the server gives by itself', () => {
    const bench = recovering();
    fails(bench, 'server_error');
    bench.reads(created('resp_2'), done('resp_2', 'cancelled'));
    bench.waits(1_000);
    expect(bench.created).toEqual(['story']);
  });

  it('is called off by interrupt(): the user wants quiet', () => {
    const bench = recovering();
    fails(bench, 'server_error');
    bench.step({ type: 'interrupt' });
    bench.waits(1_000);
    expect(bench.created).toEqual(['story']);
  });

  it('is called off with the request that it is for, and with no other', () => {
    const bench = recovering();
    const story = bench.speaks('story', 'resp_1');
    const aside = bench.speaks('aside', 'resp_2', { params: { conversation: 'none' } });
    bench.reads(failed('resp_1', 'server_error'), done('resp_2'));
    aside.cancels();
    expect(stateOf(bench.session, 0).recovery).toHaveLength(1);
    story.cancels();
    bench.waits(1_000);
    expect(bench.created).toEqual(['story', 'aside']);
  });

  it('of the server’s own answer is called off by no request', () => {
    const bench = recovering();
    const aside = bench.speaks('aside', 'resp_1', { params: { conversation: 'none' } });
    bench.reads(created('resp_2'), failed('resp_2', 'server_error'));
    aside.cancels();
    bench.waits(500);
    expect(bench.created).toEqual(['aside', 'server-error-retry']);
  });

  it('that waits for its turn is withdrawn by an answer of the server', () => {
    const bench = recovering();
    fails(bench, 'server_error');
    bench.asksToConfigure({ instructions: 'x' });
    bench.waits(500);
    expect(stateOf(bench.session, bench.now).held).toMatchObject([{ purpose: 'server-error-retry' }]);
    bench.reads(created('resp_2'));
    expect(stateOf(bench.session, bench.now).held).toEqual([]);
  });

  it('is not made where the user has begun another turn before the failure', () => {
    const bench = recovering({ detection: 'uninterruptible' });
    bench.speaks('story', 'resp_1');
    bench.reads(speechStarted(), failed('resp_1', 'server_error'));
    expect(bench.faults).toEqual([
      'A response failed: server-error. The user has begun another turn: it is not asked for again.',
    ]);
    bench.waits(1_000);
    expect(bench.created).toEqual(['story']);
  });

  it.each<[string, (bench: Bench) => void]>([
    ['hangup()', (bench) => bench.hangsUp({ farewell: null })],
    ['close()', (bench) => bench.closes()],
    ['the end of the connection', (bench) => bench.loses()],
  ])('is called off by %s', (_, happens) => {
    const bench = recovering();
    fails(bench, 'server_error');
    happens(bench);
    expect(bench.session.recovery.attempts).toEqual([]);
  });

  it('that was sent is not put back once the user has begun another turn', () => {
    const bench = recovering({ detection: 'quiet' });
    fails(bench, 'server_error');
    bench.waits(500);
    const { eventId } = bench.lastCreate;
    bench.reads(...turn(), conflict(eventId, 'resp_9'), done('resp_9', 'cancelled'));
    bench.waits(1_000);
    expect(bench.created).toEqual(['story', 'server-error-retry']);
  });

  it('is over once it has been answered', () => {
    const bench = recovering();
    fails(bench, 'server_error');
    const [attempt] = bench.session.recovery.attempts;
    bench.waits(500);
    bench.creates('resp_2');
    bench.reads(audioDelta('resp_2', 10), done('resp_2'));
    expect(attempt!.state).toBe('over');
  });

  it('is over once it has been called off', () => {
    const bench = recovering({ detection: 'quiet' });
    fails(bench, 'server_error');
    const [attempt] = bench.session.recovery.attempts;
    bench.reads(speechStarted());
    expect(attempt!.state).toBe('over');
  });

  it('is not touched by a response of somebody else’s beside the conversation', () => {
    const bench = recovering();
    fails(bench, 'server_error');
    const beside = { conversation_id: null };
    bench.reads(created('resp_9', beside), done('resp_9', 'completed', beside));
    bench.waits(500);
    expect(bench.created).toEqual(['story', 'server-error-retry']);
  });

  it('that the loop guard refuses ends in the apology, which it lets pass', () => {
    const bench = recovering({ limits: { responsesInARow: 1 } });
    fails(bench, 'server_error');
    bench.waits(500);
    expect(bench.created).toEqual(['story', 'server-error-apology']);
  });

  it('that the server refuses is a failure too', () => {
    const bench = recovering();
    fails(bench, 'server_error');
    bench.waits(500);
    bench.reads(refusal('invalid_value', bench.lastCreate.eventId));
    expect(bench.created.at(-1)).toBe('server-error-apology');
  });

  it('continues the chain of tools that its response was in', () => {
    const bench = recovering();
    fails(bench, 'server_error', undefined, { depth: 3 });
    bench.waits(500);
    bench.creates('resp_2');
    expect(bench.session.responses.open.get('resp_2')?.request).toMatchObject({
      origin: 'retry',
      depth: 3,
      attempt: 1,
      root: 1,
    });
  });

  it('is seen in the state, with the time until it begins', () => {
    const bench = recovering();
    fails(bench, 'server_error');
    expect(stateOf(bench.session, 200).recovery).toEqual([{ kind: 'retry', failure: 'server-error', inMs: 300 }]);
    bench.waits(500);
    expect(stateOf(bench.session, 500).recovery).toEqual([{ kind: 'retry', failure: 'server-error', inMs: 0 }]);
  });
});

describe('several retries', () => {
  const rateLimited = { kind: 'retry', failure: 'rate-limit', inMs: 1_000 };
  /** The story is retried after 500 ms, the tale after 1000. */
  const both = (): { bench: Bench; story: Asked } => {
    const bench = withRow('rate-limit', { then: 'go-on' });
    const story = bench.speaks('story', 'resp_1');
    bench.reads(failed('resp_1', 'server_error'));
    bench.speaks('tale', 'resp_2');
    bench.reads(failed('resp_2', 'rate_limit_exceeded'));
    return { bench, story };
  };

  it('each wait for their own time', () => {
    const { bench } = both();
    bench.waits(500);
    expect(stateOf(bench.session, bench.now).recovery).toEqual([
      { kind: 'retry', failure: 'server-error', inMs: 0 },
      { ...rateLimited, inMs: 500 },
    ]);
  });

  it('go on, each of them, when another has been answered', () => {
    const { bench } = both();
    bench.waits(500);
    bench.creates('resp_3');
    bench.reads(audioDelta('resp_3'), done('resp_3'));
    expect(stateOf(bench.session, bench.now).recovery).toEqual([{ ...rateLimited, inMs: 500 }]);
    bench.waits(499);
    expect(bench.created.at(-1)).toBe('server-error-retry');
    bench.waits(1);
    expect(bench.created.at(-1)).toBe('rate-limit-retry');
  });

  it('go on, each of them, when another is called off with its request', () => {
    const { bench, story } = both();
    story.cancels();
    expect(stateOf(bench.session, bench.now).recovery).toEqual([rateLimited]);
  });

  it('go on, each of them, when another turns out to have to wait too long', () => {
    const bench = withRow('rate-limit', { then: 'go-on' });
    fails(bench, 'rate_limit_exceeded');
    bench.reads(rateLimits(0, 30));
    bench.waits(600);
    bench.speaks('tale', 'resp_2');
    bench.reads(failed('resp_2', 'server_error'));
    bench.waits(400);
    expect(bench.created.at(-1)).toBe('rate-limit-apology');
    bench.creates('resp_3');
    bench.reads(audioDelta('resp_3'), done('resp_3'));
    bench.waits(100);
    expect(bench.created.at(-1)).toBe('server-error-retry');
  });
});

describe('a late created', () => {
  /** The first create was given up. */
  const givenUp = (): { bench: Bench; metadata: Record<string, string> } => {
    const bench = recovering();
    bench.asks('story');
    const { metadata } = bench.lastCreate;
    bench.waits(10_000);
    return { bench, metadata };
  };

  it('withdraws the retry that waits for its time', () => {
    const { bench, metadata } = givenUp();
    bench.reads(created('resp_1', { metadata }));
    bench.waits(1_000);
    expect(bench.created).toEqual(['story']);
  });

  it('cancels by id the retry that is out', () => {
    const { bench, metadata } = givenUp();
    bench.waits(500);
    bench.reads(created('resp_1', { metadata }));
    bench.creates('resp_2');
    expect(bench.cancelled).toEqual(['resp_2']);
  });

  it('cancels by id the retry that exists', () => {
    const { bench, metadata } = givenUp();
    bench.waits(500);
    bench.creates('resp_2');
    bench.reads(created('resp_1', { metadata }));
    expect(bench.cancelled).toEqual(['resp_2']);
  });

  it('withdraws the apology, and the call goes on', () => {
    const { bench, metadata } = givenUp();
    bench.waits(500);
    bench.reads(refusal('invalid_value', bench.lastCreate.eventId));
    expect(bench.created.at(-1)).toBe('server-error-apology');
    bench.reads(created('resp_1', { metadata }));
    expect(bench.notices).toContainEqual({ kind: 'resumed' });
    bench.creates('resp_3');
    expect(bench.cancelled).toEqual(['resp_3']);
    expect(bench.commands).toEqual([]);
  });

  it('takes a hang-up back while the server is still being told to be quiet, and has it answer again', () => {
    const bench = recovering({ detection: 'automatic' });
    bench.asks('story');
    const { metadata } = bench.lastCreate;
    bench.waits(10_500);
    bench.reads(refusal('invalid_value', bench.lastCreate.eventId));
    expect(bench.session.is.hangup).toBe('quieting');
    bench.reads(created('resp_1', { metadata }));
    expect(bench.session.is.hangup).toBe('none');
    bench.reads(sessionUpdated(sessionWith('silent')));
    expect(bench.updated.at(-1)).toEqual({
      type: 'realtime',
      audio: { input: { turn_detection: { type: 'server_vad', create_response: true, interrupt_response: true } } },
    });
    expect(bench.created).toEqual(['story', 'server-error-retry']);
  });

  it('that takes a hang-up back is a fault, where the server refuses to answer again', () => {
    const bench = recovering({ detection: 'automatic' });
    bench.asks('story');
    const { metadata } = bench.lastCreate;
    bench.waits(10_500);
    bench.reads(refusal('invalid_value', bench.lastCreate.eventId), created('resp_1', { metadata }));
    bench.reads(sessionUpdated(sessionWith('silent')));
    bench.reads(refusal('invalid_value', bench.lastUpdateId));
    expect(bench.faults.at(-1)).toBe('The server was not told to answer and interrupt again: rejected.');
  });

  it('cancels its retry as soon as that exists, though both had been given up', () => {
    const { bench, metadata } = givenUp();
    bench.waits(500);
    const retry = bench.lastCreate.metadata;
    bench.waits(10_000);
    bench.reads(created('resp_1', { metadata }), created('resp_2', { metadata: retry }));
    expect(bench.cancelled).toContain('resp_2');
  });

  it('comes too late once the leg of the call is being ended', () => {
    const { bench, metadata } = givenUp();
    bench.waits(500);
    bench.reads(refusal('invalid_value', bench.lastCreate.eventId));
    bench.creates('resp_3');
    bench.reads(audioDelta('resp_3', 10), done('resp_3'));
    bench.waits(10);
    expect(bench.commanded).toEqual(['end-call failure']);
    bench.reads(created('resp_1', { metadata }));
    expect(bench.session.is.hangup).toBe('ending');
    expect(bench.notices).not.toContainEqual({ kind: 'resumed' });
    bench.step({ type: 'call-ended', threw: null });
    expect(bench.commanded).toEqual(['end-call failure', 'close-line']);
  });

  it('that is read in its end alone takes the hang-up back as well', () => {
    const { bench, metadata } = givenUp();
    bench.waits(500);
    bench.reads(refusal('invalid_value', bench.lastCreate.eventId));
    bench.creates('resp_3');
    bench.reads(audioDelta('resp_1', 10), done('resp_1', 'completed', { metadata }));
    expect(bench.notices).toContainEqual({ kind: 'resumed' });
    expect([bench.cancelled, bench.commands]).toEqual([['resp_3'], []]);
  });

  it('lets what is being heard go on, where it takes a hang-up back before anything was said', () => {
    const bench = recovering({ detection: 'automatic' });
    bench.reads(created('resp_0'), audioDelta('resp_0', 20_000), done('resp_0'));
    bench.asks('story');
    const { metadata } = bench.lastCreate;
    bench.waits(10_500);
    bench.reads(refusal('invalid_value', bench.lastCreate.eventId), created('resp_1', { metadata }));
    expect(bench.notices).toContainEqual({ kind: 'resumed' });
    expect(bench.truncated).toEqual([]);
  });

  it('takes no hang-up back that was asked for', () => {
    const bench = recovering({ recovery: null });
    bench.asks('story');
    const { metadata } = bench.lastCreate;
    bench.waits(10_000);
    bench.hangsUp();
    bench.reads(created('resp_1', { metadata }));
    expect(bench.notices).not.toContainEqual({ kind: 'resumed' });
    expect(bench.session.is.hangup).toBe('saying');
  });

  it('of a create that another has replaced leaves the retry of its request alone', () => {
    const bench = recovering();
    bench.asks('story');
    const first = bench.lastCreate.metadata;
    bench.reads(conflict(null, 'resp_0'), done('resp_0', 'cancelled'));
    const second = bench.lastCreate.metadata;
    bench.reads(created('resp_1', { metadata: first }), failed('resp_1', 'server_error'));
    bench.reads(created('resp_2', { metadata: second }), done('resp_2', 'cancelled'));
    bench.waits(500);
    expect(bench.created).toEqual(['story', 'story', 'server-error-retry']);
  });

  it('of a request touches no retry of the server’s own answer', () => {
    const bench = recovering();
    bench.asks('one', { params: { instructions: 'a' } });
    const { metadata } = bench.lastCreate;
    bench.reads(refusal('unknown_parameter', null));
    bench.reads(created('resp_1'), failed('resp_1', 'server_error'), created('resp_9', { metadata }));
    bench.reads(audioDelta('resp_9'), done('resp_9'));
    bench.waits(500);
    expect(bench.created.at(-1)).toBe('server-error-retry');
  });

  it('of another request cancels no retry that exists', () => {
    const bench = recovering();
    bench.asks('one', { params: { instructions: 'a' } });
    const { metadata } = bench.lastCreate;
    bench.reads(refusal('unknown_parameter', null));
    fails(bench, 'server_error');
    bench.waits(500);
    bench.creates('resp_2');
    bench.reads(created('resp_9', { metadata }));
    expect(bench.cancelled).toEqual([]);
  });

  it('of another request touches no retry', () => {
    const bench = recovering();
    bench.asks('one', { params: { instructions: 'a' } });
    const { metadata } = bench.lastCreate;
    bench.reads(refusal('unknown_parameter', null));
    fails(bench, 'server_error');
    bench.reads(created('resp_9', { metadata }));
    bench.reads(audioDelta('resp_9'), done('resp_9'));
    bench.waits(500);
    expect(bench.created.at(-1)).toBe('server-error-retry');
  });
});

describe('a policy that is taken away', () => {
  it('has nothing said for what had failed before', () => {
    const bench = recovering();
    fails(bench, 'rate_limit_exceeded');
    bench.reads(rateLimits(0, 30));
    bench.step({ type: 'rules', rules: { ...bench.session.rules, recovery: null } });
    bench.waits(60_000);
    expect([bench.created, bench.commands]).toEqual([['story'], []]);
  });
});
