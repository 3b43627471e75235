/** `send` as the callback of `forEach()` */
import type { RealtimeClientEvent } from 'openai/resources/realtime/realtime';
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  const events: RealtimeClientEvent[] = [{ type: 'response.create' }];
  events.forEach(session.send);
};
