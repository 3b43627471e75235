/** An event extracted by a generic name */
import type { AnySession, ClientEventType } from 'gated-realtime';
import type { RealtimeClientEvent } from 'openai/resources/realtime/realtime';
import type { Context } from '../../context.js';

type EventOf<Type> = Extract<RealtimeClientEvent, { type: Type }>;
const send = <Type extends ClientEventType>(session: AnySession, event: EventOf<Type>) => session.send(event);

export default ({ session }: Context) => {
  send<'response.create'>(session, { type: 'response.create' });
};
