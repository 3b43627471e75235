/** `satisfies RealtimeClientEvent` */
import type { RealtimeClientEvent } from 'openai/resources/realtime/realtime';
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  const event = { type: 'response.create' } satisfies RealtimeClientEvent;
  session.send(event);
};
