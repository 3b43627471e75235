/** An event without its `event_id`, by rest */
import type { ResponseCreateEvent } from 'openai/resources/realtime/realtime';
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  const recorded: ResponseCreateEvent = { type: 'response.create', event_id: 'event_1' };
  const { event_id, ...event } = recorded;
  session.send(event);
};
