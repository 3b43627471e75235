/** An event out of `JSON.parse()` */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  session.send(JSON.parse('{"type":"response.create"}'));
};
