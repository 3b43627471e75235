import type { Policy } from '../../src/machine/index.js';
import { failed, given, type Bench, type Options } from './bench.js';

const apology = { instructions: 'Say sorry.' };
/** The rows as documented. */
export const policy: Policy = {
  'server-error': { retries: 1, backoffMs: 500, apology, then: 'hang-up' },
  'rate-limit': { retries: 2, backoffMs: 1_000, apology, then: 'hang-up' },
  silent: { retries: 1, backoffMs: 500, apology, then: 'hang-up' },
  'max-output-tokens': { retries: 0, backoffMs: 0, apology: null, then: 'go-on' },
  'content-filter': { retries: 0, backoffMs: 0, apology, then: 'go-on' },
  quota: { retries: 0, backoffMs: 0, apology: null, then: 'hang-up' },
  lost: 'go-on',
};

export type Settings = Parameters<typeof given>[0];
/** A session with a recovery policy. */
export const recovering = (options: Settings = {}): Bench => given({ recovery: policy, endsCall: 'yes', ...options });
/** The same policy with one row changed. */
export const withRow = (
  failure: Exclude<keyof Policy, 'lost'>,
  row: Partial<Policy['quota']>,
  options: Settings = {},
): Bench => recovering({ recovery: { ...policy, [failure]: { ...policy[failure], ...row } }, ...options });

/** A response of ours that fails. */
export const fails = (bench: Bench, code: string, message?: string, options: Options = {}): void => {
  bench.speaks('story', 'resp_1', { params: { instructions: 'Tell it.' }, ...options });
  bench.reads(failed('resp_1', code, message));
};
