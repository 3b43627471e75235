/** A listener that adds to the overrides in the record */
import type { OverridableGuard } from 'gated-realtime';
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  session.on('verdict', ({ overrides }) => (overrides as OverridableGuard[]).push('user-speaking'));
  session.respond('greeting', { whenBlocked: 'refuse' });
  session.respond('greeting', { whenBlocked: 'refuse' });
};
