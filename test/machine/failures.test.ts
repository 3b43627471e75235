import { describe, expect, it } from 'vitest';
import { audioDelta, call, created, done, rateLimits, refusal, type Bench } from './bench.js';
import { fails, recovering } from './policy.js';

describe('what kind of failure it is', () => {
  it.each([
    ['server_error', 'server-error'],
    ['rate_limit_exceeded', 'rate-limit'],
    ['inference_rate_limit_exceeded', 'rate-limit'],
    ['insufficient_quota', 'quota'],
    ['billing_hard_limit_reached', 'quota'],
    ['credit_balance_exhausted', 'quota'],
    ['account_deactivated', 'quota'],
    ['something_new', 'server-error'],
  ])('failed with %s: %s', (code, failure) => {
    const bench = recovering();
    fails(bench, code);
    expect(bench.faults[0]).toMatch(new RegExp(`^A response failed: ${failure}\\.`));
  });

  it.each([
    ['max_output_tokens', 'max-output-tokens'],
    ['content_filter', 'content-filter'],
    ['something_new', 'server-error'],
  ])('incomplete for %s: %s', (reason, failure) => {
    const bench = recovering();
    bench.speaks('story', 'resp_1');
    bench.reads(done('resp_1', 'incomplete', { status_details: { reason } }));
    expect(bench.faults[0]).toMatch(new RegExp(`^A response failed: ${failure}\\.`));
  });

  it('is classified by its type where there is no code', () => {
    const bench = recovering();
    bench.speaks('story', 'resp_1');
    bench.reads(done('resp_1', 'failed', { status_details: { error: { type: 'insufficient_quota' } } }));
    expect(bench.faults[0]).toContain('quota');
  });

  it('is classified by its type where the code is unknown, also for a refused create', () => {
    const bench = recovering();
    bench.asks('story');
    const { eventId: event_id } = bench.lastCreate;
    bench.reads({ type: 'error', error: { type: 'insufficient_quota', code: 'new', message: 'No.', event_id } });
    expect(bench.faults).toEqual(['A response failed: quota. Nothing is said; then: hang-up.']);
  });

  it('is a server error without any', () => {
    const bench = recovering();
    bench.speaks('story', 'resp_1');
    bench.reads(done('resp_1', 'failed'));
    expect(bench.faults[0]).toContain('server-error');
  });
});

describe('a silent response', () => {
  const completes = (output: unknown[], fields: object = {}): Bench => {
    const bench = recovering();
    bench.speaks('story', 'resp_1');
    bench.reads(done('resp_1', 'completed', { output, ...fields }));
    return bench;
  };

  it.each<[string, unknown[], object]>([
    ['nothing at all', [], {}],
    ['a message without sound', [{ type: 'message', content: [{ type: 'text', text: 'Hm.' }] }], {}],
    ['mere reasoning', [{ type: 'reasoning' }], {}],
    ['no text where text was asked for', [{ type: 'message', content: [] }], { output_modalities: ['text'] }],
  ])('completed with %s: it is asked for again', (_, output, fields) => {
    const bench = completes(output, fields);
    expect(bench.faults).toEqual(['A response failed: silent. It is asked for again, retry 1 of 1.']);
    bench.waits(500);
    expect(bench.created).toEqual(['story', 'silent-retry']);
  });

  it('of a call whose end alone was read is none, where that tells what was said', () => {
    const part = { type: 'output_audio' };
    const faultsOf = (...content: unknown[]): readonly string[] => {
      const bench = recovering({ line: 'sideband' });
      bench.reads(done('resp_1', 'completed', { output: [{ type: 'message', content }] }));
      return bench.faults;
    };
    expect(faultsOf(part, { ...part, transcript: 'Good evening.' })).toEqual([]);
    expect(faultsOf(part)).toEqual(['A response failed: silent. It is asked for again, retry 1 of 1.']);
  });

  it.each<[string, unknown[], object]>([
    ['a call', [{ type: 'function_call' }], {}],
    ['a hosted call', [{ type: 'mcp_call' }], {}],
    [
      'text where text was asked for',
      [{ type: 'message', content: [{ type: 'text', text: 'Hm.' }] }],
      { output_modalities: ['text'] },
    ],
  ])('is not one that completed with %s', (_, output, fields) => {
    expect(completes(output, fields).faults).toEqual([]);
  });

  it('is not one that has called a tool, whatever its end says of its output', () => {
    const bench = recovering();
    bench.reads(created('resp_1'), call('resp_1', 'call_1'), done('resp_1'));
    expect(bench.faults).toEqual([]);
  });

  it('is not one that was heard without a transcript', () => {
    const bench = recovering();
    bench.speaks('story', 'resp_1');
    bench.reads(audioDelta('resp_1'), done('resp_1', 'completed', { output_modalities: ['audio'] }));
    expect(bench.faults).toEqual([]);
  });
});

describe('a rate limit', () => {
  it('is waited for as long as the server’s own message says', () => {
    const bench = recovering();
    fails(bench, 'rate_limit_exceeded', 'Please try again in 3.2s.');
    bench.waits(3_199);
    expect(bench.created).toHaveLength(1);
    bench.waits(1);
    expect(bench.created).toEqual(['story', 'rate-limit-retry']);
  });

  it('that refuses a create is waited for as long', () => {
    const bench = recovering();
    bench.asks('story');
    bench.reads(refusal('rate_limit_exceeded', bench.lastCreate.eventId, 'Please try again in 3.2s.'));
    bench.waits(3_199);
    expect(bench.created).toHaveLength(1);
    bench.waits(1);
    expect(bench.created).toEqual(['story', 'rate-limit-retry']);
  });

  it('is waited for by its own backoff where that is longer', () => {
    const bench = recovering();
    fails(bench, 'rate_limit_exceeded', 'Please try again in 20ms.');
    bench.waits(999);
    expect(bench.created).toHaveLength(1);
    bench.waits(1);
    expect(bench.created).toHaveLength(2);
  });

  it.each<[string, (bench: Bench) => void]>([
    ['before the failure', (bench) => (bench.reads(rateLimits(0, 4)), fails(bench, 'rate_limit_exceeded'))],
    ['after the failure', (bench) => (fails(bench, 'rate_limit_exceeded'), bench.reads(rateLimits(0, 4)))],
  ])('is waited for as rate_limits.updated said %s', (_, happens) => {
    const bench = recovering();
    happens(bench);
    bench.waits(3_999);
    expect(bench.created).toHaveLength(1);
    bench.waits(1);
    expect(bench.created).toHaveLength(2);
  });

  it.each([
    ['of which something is left', rateLimits(1, 4)],
    ['that says nothing', { type: 'rate_limits.updated' }],
    [
      'that says nothing of what is left',
      { type: 'rate_limits.updated', rate_limits: [{ remaining: null, reset_seconds: 4 }] },
    ],
    ['that says nothing of time', { type: 'rate_limits.updated', rate_limits: [{ remaining: 0 }, 'x'] }],
  ])('%s is not waited for', (_, frame) => {
    const bench = recovering();
    bench.reads(frame);
    fails(bench, 'rate_limit_exceeded');
    bench.waits(1_000);
    expect(bench.created).toHaveLength(2);
  });

  it('longer than 10 s is not waited for: the user hears an apology', () => {
    const bench = recovering();
    fails(bench, 'rate_limit_exceeded', 'Please try again in 10.001s.');
    expect(bench.created).toEqual(['story', 'rate-limit-apology']);
  });

  it('of 10 s is waited for', () => {
    const bench = recovering();
    fails(bench, 'rate_limit_exceeded', 'Please try again in 10s.');
    bench.waits(10_000);
    expect(bench.created).toEqual(['story', 'rate-limit-retry']);
  });

  it('that turns out to be longer than 10 s while it is waited for ends in an apology', () => {
    const bench = recovering();
    fails(bench, 'rate_limit_exceeded');
    bench.reads(rateLimits(0, 30));
    bench.waits(1_000);
    expect(bench.created).toEqual(['story', 'rate-limit-apology']);
  });

  it('makes no retry of another failure wait', () => {
    const bench = recovering();
    bench.reads(rateLimits(0, 4));
    fails(bench, 'server_error');
    bench.waits(500);
    expect(bench.created).toHaveLength(2);
  });
});
