import type { VerdictRecord } from '../../types/index.js';
import type { Effects } from '../machine/index.js';
import { requestName } from '../session/handle.js';

/** What today's machine decides about one request: the verdict record of a replay. */
export interface ReplayedVerdict extends Pick<
  VerdictRecord,
  'requestId' | 'purpose' | 'verdict' | 'by' | 'heldBy' | 'overrides'
> {
  /** When it was settled: milliseconds since the session began. */
  readonly at: number;
  /** How long it waited: milliseconds. */
  readonly waitedMs: number;
}

/** The requests that are settled in a step. */
export const verdictsIn = ({ notices }: Effects, startedAt: number): readonly ReplayedVerdict[] =>
  notices
    .filter((notice) => notice.kind === 'record')
    .map(({ record: { request, purpose, verdict, by, heldBy, overrides, askedAt, settledAt } }) => ({
      at: settledAt - startedAt,
      requestId: requestName(request),
      purpose,
      verdict,
      by,
      heldBy,
      waitedMs: settledAt - askedAt,
      overrides,
    }));
