/** Takes a property of a failure that may not have it. */
import { ConfigureError } from 'gated-realtime';

declare const error: unknown;

// wrong:
if (error instanceof ConfigureError) console.log(error.failure.differences);
