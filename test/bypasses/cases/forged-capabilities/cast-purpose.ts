/** A purpose that was not declared, cast */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  const purpose: string = 'advertisement';
  session.respond(purpose as 'greeting');
};
