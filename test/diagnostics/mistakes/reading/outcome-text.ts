/** Takes the text of an outcome that may have none. */
import type { ResponseOutcome } from 'gated-realtime';

declare const outcome: ResponseOutcome;

// wrong:
console.log(outcome.text);
