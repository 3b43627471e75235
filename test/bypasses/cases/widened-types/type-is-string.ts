/** An event of type `{ type: string }` */
import type { Context } from '../../context.js';

interface Message {
  type: string;
  [field: string]: unknown;
}

export default ({ session }: Context) => {
  const message: Message = { type: 'response.create' };
  session.send(message);
};
