/** `answer()` with an event, for a call that nobody made */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  session.answer('call_1', { type: 'response.create' });
};
