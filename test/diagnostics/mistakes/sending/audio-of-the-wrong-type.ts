/** Appends audio as an `ArrayBuffer`. */
import type { AnySession } from 'gated-realtime';

declare const session: AnySession;
declare const chunk: ArrayBuffer;

// wrong:
session.appendAudio(chunk);
