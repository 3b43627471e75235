/** Gives a session to a function that takes the client of the SDK. */
import type { AnySession } from 'gated-realtime';
import type { OpenAIRealtimeWS } from 'openai/realtime/ws';

declare const session: AnySession;
declare function greet(client: Pick<OpenAIRealtimeWS, 'send'>): void;

// wrong:
greet(session);
