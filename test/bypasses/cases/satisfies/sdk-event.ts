/** `satisfies ResponseCreateEvent` */
import type { ResponseCreateEvent } from 'openai/resources/realtime/realtime';
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  session.send({ type: 'response.create' } satisfies ResponseCreateEvent);
};
