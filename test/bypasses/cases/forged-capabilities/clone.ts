/** A clone of the session */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  structuredClone(session).respond('greeting');
};
