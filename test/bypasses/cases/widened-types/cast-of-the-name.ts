/** A cast of the name alone */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  session.send({ type: 'response.create' as 'input_audio_buffer.commit' });
};
