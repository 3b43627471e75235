/** `eval()` of the call */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  eval('session.send({ type: "response.create" })');
};
