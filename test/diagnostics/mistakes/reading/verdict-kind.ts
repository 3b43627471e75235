/** Misspells the kind of a verdict. */
import type { Verdict } from 'gated-realtime';

declare const verdict: Verdict;

// wrong:
if (verdict.kind === 'admitted') console.log('It has been sent.');
