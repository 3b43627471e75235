/** A spread of a record of anything */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  const extra: Record<string, any> = { type: 'response.create' };
  session.send({ type: 'input_audio_buffer.commit', ...extra });
};
