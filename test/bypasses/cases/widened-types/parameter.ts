/** A helper that takes any `RealtimeClientEvent` */
import type { AnySession } from 'gated-realtime';
import type { RealtimeClientEvent } from 'openai/resources/realtime/realtime';
import type { Context } from '../../context.js';

const forward = (session: AnySession, event: RealtimeClientEvent) => session.send(event);

export default ({ session }: Context) => {
  forward(session, { type: 'response.create' });
};
