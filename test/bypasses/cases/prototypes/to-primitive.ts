/** A name that becomes a string only when it is written */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  const type = { toString: () => 'response.create', toJSON: () => 'response.create' };
  session.send({ type: type as unknown as 'input_audio_buffer.commit' });
};
