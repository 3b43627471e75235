/** `send()` of one with instructions */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  session.send({ type: 'response.create', response: { instructions: 'Say hello.' } });
};
