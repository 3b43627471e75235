/** A capability that was narrowed, and is widened again */
import type { Respond } from 'gated-realtime';
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  const narrow: Respond<'greeting'> = session.respond;
  const wide: Respond<'greeting' | 'nudge'> = narrow;
  wide('nudge');
};
