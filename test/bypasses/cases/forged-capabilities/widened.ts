/** A capability widened to every purpose */
import type { Respond } from 'gated-realtime';
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  const all: Respond<string> = session.respond;
  all('advertisement');
};
