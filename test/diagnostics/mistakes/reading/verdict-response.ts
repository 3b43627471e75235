/** Takes the response of a verdict that may have none. */
import type { Verdict } from 'gated-realtime';

declare const verdict: Verdict;

// wrong:
verdict.response.cancel();
