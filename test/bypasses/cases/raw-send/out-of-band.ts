/** `send()` of one outside the conversation */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  session.send({ type: 'response.create', response: { conversation: 'none', output_modalities: ['audio'] } });
};
