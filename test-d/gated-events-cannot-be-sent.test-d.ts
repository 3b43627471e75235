/** `send` takes every client event but three, and the refusal of each names what to call instead. */
import { expectAssignable, expectNotAssignable, expectType } from 'tsd';
import type {
  RealtimeClientEvent,
  ResponseCancelEvent,
  ResponseCreateEvent,
  SessionUpdateEvent,
} from 'openai/resources/realtime/realtime';
import { type AnySession, type SendableEvent, type UngatedClientEvent, userMessage } from 'gated-realtime';

declare const session: AnySession;
declare const create: ResponseCreateEvent;
declare const cancel: ResponseCancelEvent;
declare const update: SessionUpdateEvent;
declare const anyEvent: RealtimeClientEvent;

expectAssignable<SendableEvent>({} as UngatedClientEvent);
expectNotAssignable<SendableEvent>(create);
expectNotAssignable<SendableEvent>(cancel);
expectNotAssignable<SendableEvent>(update);
expectType<UngatedClientEvent>(userMessage('Hello.'));

session.send({ type: 'input_audio_buffer.clear' });
session.send({ type: 'conversation.item.delete', item_id: 'item_1' });
session.send(userMessage('Hello.'));

// @ts-expect-error: 'use session.respond(): response.create is gated'
session.send({ type: 'response.create' });
// @ts-expect-error: 'use session.respond(): response.create is gated'
session.send({ type: 'response.create', response: { conversation: 'none' } });
// @ts-expect-error: 'use session.respond(): response.create is gated'
session.send(create);
// @ts-expect-error: 'use handle.cancel() or session.interrupt()'
session.send({ type: 'response.cancel', response_id: 'resp_1' });
// @ts-expect-error: 'use handle.cancel() or session.interrupt()'
session.send(cancel);
// @ts-expect-error: 'use session.update(): the gate closes until session.updated'
session.send({ type: 'session.update', session: { type: 'realtime', instructions: 'Be brief.' } });
// @ts-expect-error: 'use session.update(): the gate closes until session.updated'
session.send(update);

// What might be one of the three is one of the three, until it has been looked at.
if (anyEvent.type === 'input_audio_buffer.commit') session.send(anyEvent);
// @ts-expect-error: is not assignable to parameter of type 'SendableEvent'
session.send(anyEvent);
const kept = { type: 'response.create' } as const;
// @ts-expect-error: 'use session.respond(): response.create is gated'
session.send(kept);
