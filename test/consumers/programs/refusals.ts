/** What is refused in every project. */
import { match } from 'ts-pattern';
import { connect, openSession } from 'gated-realtime/ws';

export async function refused(): Promise<void> {
  const unconfirmed = await connect({ model: 'gpt-realtime-2.1' });
  // @ts-expect-error: Property 'respond' does not exist on type 'UnconfirmedSession'.
  unconfirmed.respond('greeting');
  // @ts-expect-error: Property 'send' does not exist on type 'UnconfirmedSession'.
  unconfirmed.send({ type: 'input_audio_buffer.commit' });

  const session = await openSession({ model: 'gpt-realtime-2.1', purposes: ['greeting', 'nudge'] });
  // @ts-expect-error: Argument of type '"greting"' is not assignable to parameter
  session.respond('greting');
  // @ts-expect-error: Type '"hangup-pending"' is not assignable to type 'OverridableGuard'.
  session.respond('greeting', { override: ['hangup-pending'] });
  // @ts-expect-error: Advice<"use session.respond(): response.create is gated">
  session.send({ type: 'response.create' });
  // @ts-expect-error: Advice<"use session.update(): the gate closes until session.updated">
  session.send({ type: 'session.update', session: { type: 'realtime' } });
  // @ts-expect-error: Advice<"use handle.cancel() or session.interrupt(): response.cancel is tracked">
  session.send({ type: 'response.cancel' });
  // @ts-expect-error: Taken<"choose another name: closed is built in">
  await openSession({ model: 'gpt-realtime-2.1', guards: { closed: () => true } });
  const onlyAdmitted = match(session.respond('nudge')).with({ kind: 'admit' }, () => 1);
  // @ts-expect-error: NonExhaustiveError
  onlyAdmitted.exhaustive();
}
