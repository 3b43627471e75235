/** Options that are changed once the request waits */
import type { OverridableGuard } from 'gated-realtime';
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  const override: OverridableGuard[] = [];
  const response = { metadata: { asked: 'early' } };
  session.respond('greeting', { override, response });
  override.push('user-speaking');
  Object.assign(response, { conversation: 'none' });
  session.reconsider();
};
