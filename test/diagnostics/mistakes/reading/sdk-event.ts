/** Listens to audio as the beta named it. */
import type { AnySession } from 'gated-realtime';

declare const session: AnySession;

// wrong:
session.on('response.audio.delta', () => undefined);
