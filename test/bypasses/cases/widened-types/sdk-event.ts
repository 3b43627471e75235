/** The SDK's own `ResponseCreateEvent` */
import type { ResponseCreateEvent } from 'openai/resources/realtime/realtime';
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  const event: ResponseCreateEvent = { type: 'response.create' };
  session.send(event);
};
