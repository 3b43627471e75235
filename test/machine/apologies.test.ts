import { describe, expect, it } from 'vitest';
import { stateOf } from '../../src/machine/index.js';
import {
  audioDelta,
  call,
  created,
  done,
  endsCalling,
  failed,
  given,
  refusal,
  serverError,
  textDelta,
  toolSet,
  type Bench,
  type Options,
} from './bench.js';
import { fails, policy, recovering, withRow, type Settings } from './policy.js';

describe('an apology', () => {
  it('after which the call goes on is said like any other, with a purpose of its own', () => {
    const bench = recovering();
    bench.speaks('story', 'resp_1');
    bench.reads(done('resp_1', 'incomplete', { status_details: { reason: 'content_filter' } }));
    expect(bench.created).toEqual(['story', 'content-filter-apology']);
    bench.creates('resp_2');
    bench.reads(audioDelta('resp_2'), done('resp_2'));
    bench.waits(60_000);
    expect(bench.commands).toEqual([]);
  });

  it.each<[string, (bench: Bench) => void, string]>([
    ['fails', (bench) => bench.reads(failed('resp_2', 'server_error')), 'The apology failed too: server-error.'],
    ['is silent', (bench) => bench.reads(done('resp_2')), 'The apology failed too: silent.'],
  ])('that %s ends the call', (_, happens, words) => {
    const bench = recovering();
    bench.speaks('story', 'resp_1');
    bench.reads(done('resp_1', 'incomplete', { status_details: { reason: 'content_filter' } }));
    bench.creates('resp_2');
    happens(bench);
    expect(bench.faults.at(-1)).toBe(words);
    expect(bench.commands).toEqual([{ do: 'end-call', why: 'failure' }]);
  });

  it('is seen in the state until it has been said', () => {
    const bench = recovering();
    bench.speaks('story', 'resp_1');
    bench.reads(done('resp_1', 'incomplete', { status_details: { reason: 'content_filter' } }));
    expect(stateOf(bench.session, 0).recovery).toEqual([{ kind: 'apology', failure: 'content-filter', inMs: 0 }]);
    bench.creates('resp_2');
    bench.reads(audioDelta('resp_2'), done('resp_2'));
    expect(stateOf(bench.session, 0).recovery).toEqual([]);
  });

  it('before a hang-up lets nothing configure the session any more', () => {
    const bench = recovering();
    bench.speaks('story', 'resp_1');
    bench.reads(audioDelta('resp_1'), failed('resp_1', 'server_error'));
    bench.waits(500);
    bench.creates('resp_2');
    bench.reads(failed('resp_2', 'server_error'));
    const update = bench.asksToConfigure({ instructions: 'Sing.' });
    expect(bench.failureOf(update)).toEqual({ kind: 'aborted' });
  });

  it('that expires in the queue ends the call', () => {
    const bench = withRow('content-filter', {}, { limits: { holdForMs: 2_000 } });
    bench.speaks('story', 'resp_1');
    bench.asksToConfigure({ instructions: 'x' });
    bench.reads(done('resp_1', 'incomplete', { status_details: { reason: 'content_filter' } }));
    bench.waits(2_000);
    expect(bench.faults.at(-1)).toBe('The apology could not be said.');
    expect(bench.commanded).toEqual(['end-call failure']);
  });

  it('is not said where there is none: the call goes on, if something was heard', () => {
    const bench = recovering();
    bench.speaks('story', 'resp_1');
    bench.reads(audioDelta('resp_1'));
    bench.reads(done('resp_1', 'incomplete', { status_details: { reason: 'max_output_tokens' } }));
    expect(bench.faults).toEqual(['A response failed: max-output-tokens. Nothing is said; then: go-on.']);
    expect([bench.created, bench.commands]).toEqual([['story'], []]);
  });

  it('is not said where there is none: the call ends, if nothing was heard', () => {
    const bench = recovering();
    bench.speaks('story', 'resp_1');
    bench.reads(done('resp_1', 'incomplete', { status_details: { reason: 'max_output_tokens' } }));
    expect(bench.faults.at(-1)).toBe('Nothing was heard, and nothing is left to say.');
    expect(bench.commanded).toEqual(['end-call failure']);
  });
});

describe('a failure of which nothing was heard, and after which nothing is to be said', () => {
  const row = { retries: 0, apology: null, then: 'go-on' } as const;
  const one = { tools: toolSet(['look']), limits: { toolRoundsInARow: 0 } };

  it.each<[string, Bench, (bench: Bench) => void]>([
    [
      'that the server never answered',
      withRow('server-error', row),
      (bench) => (bench.asks('story'), bench.waits(10_000)),
    ],
    [
      'that the server refused',
      withRow('server-error', row),
      (bench) => (bench.asks('story'), bench.reads(refusal('server_error', bench.lastCreate.eventId))),
    ],
    [
      'that came as an error of nobody’s',
      withRow('quota', row),
      (bench) => bench.reads(serverError('insufficient_quota')),
    ],
    [
      'that is a chain of tools without words',
      withRow('silent', row, one),
      (bench) => {
        bench.speaks('story', 'resp_1');
        bench.reads(call('resp_1', 'call_1'));
        bench.returns('call_1');
        bench.reads(endsCalling('resp_1'));
      },
    ],
  ])('(%s) ends the call: whoever is on it would wait for nothing', (_, bench, happens) => {
    happens(bench);
    expect(bench.faults).toContain('Nothing was heard, and nothing is left to say.');
    expect(bench.commanded.at(-1)).toBe('end-call failure');
  });
});

describe('out of quota', () => {
  it('in mid-call ends the call, though it came as an error of nobody’s', () => {
    const bench = recovering();
    bench.reads(serverError('insufficient_quota', 'insufficient_quota'));
    expect(bench.faults).toEqual([
      'The server reports an error (insufficient_quota): Sorry.',
      'A response failed: quota. Nothing is said; then: hang-up.',
    ]);
    expect(bench.commanded).toEqual(['end-call failure']);
  });

  it.each([
    ['its type alone', null, 'insufficient_quota'],
    ['its type, where its code is new', 'new', 'insufficient_quota'],
    ['its code alone', 'insufficient_quota', 'new'],
  ])('is known by %s', (_, code, type) => {
    const bench = recovering();
    bench.reads(serverError(code, type));
    expect(bench.commanded).toEqual(['end-call failure']);
  });

  it('as the refusal of a create ends the call', () => {
    const bench = recovering();
    bench.asks('story');
    bench.reads(refusal('insufficient_quota', bench.lastCreate.eventId));
    expect(bench.commanded).toEqual(['end-call failure']);
  });

  it('is not what any other error says', () => {
    const bench = recovering();
    bench.reads(serverError('weird', 'x'));
    expect(bench.commands).toEqual([]);
  });
});

describe('what the user asked wrongly', () => {
  it.each<Options['origin']>(['user', 'remark'])('is the user’s to see, not to be made good (%s)', (origin) => {
    const bench = recovering();
    bench.asks('story', { origin: origin! });
    bench.reads(refusal('invalid_value', bench.lastCreate.eventId));
    bench.waits(1_000);
    expect([bench.created, bench.faults]).toEqual([['story'], []]);
  });

  it('is not what nobody but the session asked', () => {
    const bench = recovering();
    bench.asks('tool:look', { origin: 'follow-up' });
    bench.reads(refusal('invalid_value', bench.lastCreate.eventId));
    bench.waits(500);
    expect(bench.created).toEqual(['tool:look', 'server-error-retry']);
  });
});

describe('without a policy', () => {
  it.each<[string, (bench: Bench) => void, readonly string[]]>([
    [
      'the server’s own answer',
      (bench) => bench.reads(created('resp_1'), failed('resp_1', 'server_error')),
      ["The server's own answer failed: server-error."],
    ],
    ['what the user asked for: its outcome says so', (bench) => fails(bench, 'server_error'), []],
    [
      'what was silent, whoever asked for it',
      (bench) => (bench.speaks('story', 'resp_1'), bench.reads(textDelta('resp_1'), done('resp_1'))),
      ["The response for 'story' failed: silent."],
    ],
    [
      'what the session asked for',
      (bench) => fails(bench, 'server_error', undefined, { origin: 'follow-up' }),
      ["The response for 'story' failed: server-error."],
    ],
    [
      'what never ended, once',
      (bench) => (bench.reads(created('resp_1')), bench.waits(60_000)),
      ['The server never ended the response resp_1.'],
    ],
    [
      'a quota that is spent, once',
      (bench) => bench.reads(serverError('insufficient_quota')),
      ['The server reports an error (insufficient_quota): Sorry.'],
    ],
  ])('the operator is told of %s', (_, happens, faults) => {
    const bench = given();
    happens(bench);
    expect(bench.faults).toEqual(faults);
    bench.waits(20_000);
    expect(bench.created.length).toBeLessThan(2);
  });
});

describe('a session that is lost or has expired', () => {
  it.each<[string, number, string, string]>([
    ['lost', 1006, 'end-call lost', 'The connection was lost: the call is hung up.'],
    ['expired', 1001, 'end-call expired', 'The session has expired: the call is hung up.'],
  ])('(%s) has its call ended once', (_, code, command, words) => {
    const bench = recovering();
    bench.loses(code);
    expect([bench.commanded, bench.faults]).toEqual([[command], [words]]);
  });

  it('is a fault of the network', () => {
    const bench = recovering();
    bench.loses(1006);
    expect(bench.notices).toContainEqual(expect.objectContaining({ kind: 'fault', whose: 'network' }));
  });

  it('takes what was being said along: that is not made good', () => {
    const bench = recovering();
    bench.speaks('story', 'resp_1');
    bench.loses(1006);
    expect(bench.faults).toEqual(['The connection was lost: the call is hung up.']);
  });

  it.each<[string, Settings]>([
    ['without a recovery', { recovery: null, endsCall: 'yes' }],
    ['without a call to end', { recovery: policy, endsCall: 'no' }],
  ])('%s is left as it is', (_, options) => {
    const bench = given(options);
    bench.loses(1006);
    expect([bench.commands, bench.faults]).toEqual([[], []]);
  });

  it('that has been asked to have it ended has it ended once', () => {
    const bench = recovering();
    bench.reads(refusal('session_expired', null));
    bench.hangsUp();
    bench.loses(1001);
    expect([bench.commanded, bench.faults]).toEqual([['close-line', 'end-call asked'], []]);
  });

  it('by close() is no accident', () => {
    const bench = recovering();
    bench.closes();
    bench.loses();
    expect(bench.commanded).toEqual(['close-line']);
  });

  it('while its leg is being ended has it ended once', () => {
    const bench = recovering();
    bench.hangsUp({ farewell: null });
    bench.loses(1006);
    expect(bench.commanded).toEqual(['end-call asked']);
  });
});
