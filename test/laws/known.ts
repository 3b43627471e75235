/** What the session's owner learns in the course of a call, and no frame says: for the gate alone. */
import fc from 'fast-check';
import { act, asking, type Act, type Asking } from './script.js';

export type Known = 'hangup' | 'resumed' | 'over-budget' | 'within-budget' | 'playing' | 'drained';

/** The half that opens again is likelier, or nothing would be said any more. */
const facts: fc.Arbitrary<Known> = fc.oneof(
  { weight: 1, arbitrary: fc.constantFrom<Known>('hangup', 'over-budget', 'playing') },
  { weight: 2, arbitrary: fc.constantFrom<Known>('resumed', 'within-budget', 'drained') },
);
const origins = fc.constantFrom<NonNullable<Asking['origin']>>('follow-up', 'remark', 'farewell');

/** Acts that only a gate without a session around it can be given. */
export const gateActs: readonly fc.WeightedArbitrary<Act>[] = [
  { weight: 3, arbitrary: act('know', facts) },
  {
    weight: 3,
    arbitrary: act(
      'respond',
      fc.tuple(asking, origins).map(([asked, origin]) => ({ ...asked, what: 'plain' as const, origin })),
    ),
  },
];
