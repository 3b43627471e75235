/** `respond()` before the session is confirmed */
import type { Context } from '../../context.js';

export default ({ unconfirmed }: Context) => {
  unconfirmed.respond('greeting');
};
