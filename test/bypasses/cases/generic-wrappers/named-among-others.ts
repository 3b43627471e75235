/** A type argument that names a sendable event as well */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  session.send<'input_audio_buffer.commit' | 'response.create'>({ type: 'response.create' });
};
