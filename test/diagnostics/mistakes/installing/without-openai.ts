/** Sends an event where `openai` is not installed. */
import type { AnySession } from 'gated-realtime';

declare const session: AnySession;

// wrong:
session.send({ type: 'input_audio_buffer.commit' });
