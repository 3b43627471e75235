/** An event among the parameters of a response */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  session.respond('greeting', { response: { type: 'response.create', event_id: 'event_1' } });
};
