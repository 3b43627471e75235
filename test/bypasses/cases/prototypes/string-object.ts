/** A `String` object as the name */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  session.send({ type: new String('response.create') as 'input_audio_buffer.commit' });
};
