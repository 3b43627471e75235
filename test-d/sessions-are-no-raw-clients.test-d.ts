/** A session does not pass for a raw client: what takes every event is not given one that does not. */
import { expectAssignable, expectNotAssignable } from 'tsd';
import type { OpenAIRealtimeWS } from 'openai/realtime/ws';
import type { RealtimeClientEvent, ResponseCreateEvent } from 'openai/resources/realtime/realtime';
import type { AnySession, ConfirmedSession, SendableEvent } from 'gated-realtime';

declare const session: ConfirmedSession<'greeting'>;

// As methods, whose parameters may differ either way as long as one fits the other.
expectNotAssignable<{ send(event: RealtimeClientEvent): void }>(session);
expectNotAssignable<Pick<OpenAIRealtimeWS, 'send'>>(session);
expectNotAssignable<{ send(event: ResponseCreateEvent): void }>(session);
expectNotAssignable<{ send(event: { type: string }): void }>(session);
expectNotAssignable<{ send(event: object): void }>(session);
expectNotAssignable<{ send(event: Record<string, unknown>): void }>(session);
expectNotAssignable<{ send(event: RealtimeClientEvent | string): void }>(session);
// As properties.
expectNotAssignable<(event: RealtimeClientEvent) => void>(session.send);
expectNotAssignable<(event: ResponseCreateEvent) => void>(session.send);

// @ts-expect-error: is not assignable to type '{ send(event: RealtimeClientEvent): void; }'
const legacy: { send(event: RealtimeClientEvent): void } = session;
// @ts-expect-error: is not assignable to type 'Pick<OpenAIRealtimeWS, "send">'
const raw: Pick<OpenAIRealtimeWS, 'send'> = session;

// What takes no more than a session does may have one.
expectAssignable<{ send(event: SendableEvent): void }>(session);
expectAssignable<(event: SendableEvent) => void>(session.send);
expectAssignable<AnySession>(session);

// These compile: they ask for nothing that a type could tell apart. The gate meets what they send.
expectAssignable<{ send(event: unknown): void }>(session);
expectAssignable<{ send(...args: any[]): void }>(session);

export { legacy, raw };
