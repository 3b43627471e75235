/** `send()` before the session is confirmed */
import type { Context } from '../../context.js';

export default ({ unconfirmed }: Context) => {
  unconfirmed.send({ type: 'response.create' });
};
