import type { VerdictRecord } from '../../types/index.js';
import type { Effects } from '../machine/index.js';
import { requestName } from '../session/handle.js';

/** The verdict of today's machine on one request. */
export interface ReplayedVerdict extends Pick<
  VerdictRecord,
  'requestId' | 'purpose' | 'verdict' | 'by' | 'heldBy' | 'overrides'
> {
  /** When the request was settled, in milliseconds since the session began. */
  readonly at: number;
  /** How long the request waited, in milliseconds. */
  readonly waitedMs: number;
}

/** The requests settled in a step. */
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
