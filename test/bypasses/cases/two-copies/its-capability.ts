/** A capability handed to code of the other copy */
import type { Respond, Verdict } from 'gated-realtime-copy';
import type { Context } from '../../context.js';

const greet = (respond: Respond<'greeting'>): Verdict => respond('greeting');

export default ({ session }: Context) => {
  greet(session.respond);
};
