/** `JSON.parse()` into a `RealtimeClientEvent` */
import type { RealtimeClientEvent } from 'openai/resources/realtime/realtime';
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  const event: RealtimeClientEvent = JSON.parse('{"type":"response.create"}');
  session.send(event);
};
