/** A prototype in a literal */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  session.send({ __proto__: { type: 'response.create' }, type: 'input_audio_buffer.commit' } as {
    type: 'input_audio_buffer.commit';
  });
};
