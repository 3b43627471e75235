/** Text beside the conversation */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  session.respond('greeting', { response: { conversation: 'none', instructions: 'Is the caller angry?' } });
};
