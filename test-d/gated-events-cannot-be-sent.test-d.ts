/** `send` takes every client event but three, and the refusal of each names what to call instead. */
import { expectAssignable, expectNotAssignable, expectType } from 'tsd';
import type {
  RealtimeClientEvent,
  ResponseCancelEvent,
  ResponseCreateEvent,
  SessionUpdateEvent,
} from 'openai/resources/realtime/realtime';
import { type AnySession, type SendableEvent, userMessage } from 'gated-realtime';

declare const session: AnySession;
declare const create: ResponseCreateEvent;
declare const cancel: ResponseCancelEvent;
declare const update: SessionUpdateEvent;
declare const anyEvent: RealtimeClientEvent;
declare const sendable: SendableEvent;

expectAssignable<RealtimeClientEvent>(sendable);
expectNotAssignable<SendableEvent>(create);
expectNotAssignable<SendableEvent>(cancel);
expectNotAssignable<SendableEvent>(update);
expectType<SendableEvent>(userMessage('Hello.'));

session.send(sendable);
session.send({ type: 'input_audio_buffer.clear' });
session.send({ type: 'conversation.item.delete', item_id: 'item_1' });
session.send(userMessage('Hello.'));

// @ts-expect-error: Advice<"use session.respond(): response.create is gated">
session.send({ type: 'response.create' });
// @ts-expect-error: Advice<"use session.respond(): response.create is gated">
session.send({ type: 'response.create', response: { conversation: 'none' } });
// @ts-expect-error: Advice<"use session.respond(): response.create is gated">
session.send(create);
// @ts-expect-error: Advice<"use handle.cancel() or session.interrupt(): response.cancel is tracked">
session.send({ type: 'response.cancel', response_id: 'resp_1' });
// @ts-expect-error: Advice<"use handle.cancel() or session.interrupt(): response.cancel is tracked">
session.send(cancel);
// @ts-expect-error: Advice<"use session.update(): the gate closes until session.updated">
session.send({ type: 'session.update', session: { type: 'realtime', instructions: 'Be brief.' } });
// @ts-expect-error: Advice<"use session.update(): the gate closes until session.updated">
session.send(update);

// What might be one of the three is one of the three, until it has been looked at.
if (anyEvent.type === 'input_audio_buffer.commit') session.send(anyEvent);
// @ts-expect-error: OneEvent<"look at its type first
session.send(anyEvent);
const kept = { type: 'response.create' } as const;
// @ts-expect-error: Advice<"use session.respond(): response.create is gated">
session.send(kept);
