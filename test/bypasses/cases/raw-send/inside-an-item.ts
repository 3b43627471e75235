/** An event smuggled into an item of the conversation */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  session.send({ type: 'conversation.item.create', item: { type: 'response.create' } });
};
