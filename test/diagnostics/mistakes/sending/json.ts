/**
 * Sends an event as JSON text.
 *
 * Why: Text has no type of an event to look at. The advice is meant for an event that may be any.
 */
import type { AnySession } from 'gated-realtime';

declare const session: AnySession;

// wrong:
session.send(JSON.stringify({ type: 'input_audio_buffer.commit' }));
