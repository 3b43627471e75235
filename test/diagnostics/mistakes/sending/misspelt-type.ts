/** Misspells the type of an event. */
import type { AnySession } from 'gated-realtime';

declare const session: AnySession;

// wrong:
session.send({ type: 'input_audio_buffer.comit' });
