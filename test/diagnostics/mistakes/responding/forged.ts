/** Builds a `respond` of its own. */
import type { Respond, Verdict } from 'gated-realtime';

declare const verdict: Verdict;

// wrong:
export const respond: Respond<'greeting'> = () => verdict;
