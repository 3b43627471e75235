/** A capability made anew from its source text */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  const again = new Function(`return (${session.respond.toString()})`)();
  again('greeting');
};
