/** `process.nextTick()` with `send` */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  process.nextTick(session.send, { type: 'response.create' });
};
