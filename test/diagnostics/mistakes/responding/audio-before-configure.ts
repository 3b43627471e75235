/** Sends audio before the session is configured. */
import type { UnconfirmedSession } from 'gated-realtime';

declare const unconfirmed: UnconfirmedSession;
declare const chunk: Uint8Array;

// wrong:
unconfirmed.appendAudio(chunk);
