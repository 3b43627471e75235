/** `send()` of text, as to a socket */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  session.send(JSON.stringify({ type: 'response.create' }));
};
