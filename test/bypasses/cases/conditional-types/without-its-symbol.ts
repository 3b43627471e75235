/** The advice without the symbol that nobody has */
import type { Sent } from 'gated-realtime';
import type { Context } from '../../context.js';

type Unguarded = Omit<Sent<'response.create'>, symbol>;

export default ({ session }: Context) => {
  const event: Unguarded = { type: 'response.create' };
  session.send(event);
};
