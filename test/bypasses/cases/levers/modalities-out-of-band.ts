/** Speech beside the conversation, behind text */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  session.respond('greeting', { response: { conversation: 'none', output_modalities: ['text', 'audio'] } });
};
