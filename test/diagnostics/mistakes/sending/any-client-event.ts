/** Passes on an event that may be any. */
import type { RealtimeClientEvent } from 'openai/resources/realtime/realtime';
import type { AnySession } from 'gated-realtime';

declare const event: RealtimeClientEvent;
declare const session: AnySession;

// wrong:
session.send(event);
