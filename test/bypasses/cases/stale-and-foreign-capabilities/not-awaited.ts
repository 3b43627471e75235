/** `respond()` of a configuration that is not awaited */
import type { Context } from '../../context.js';

export default ({ unconfirmed }: Context) => {
  const session = unconfirmed.configure({ purposes: ['greeting'] });
  session.respond('greeting');
};
