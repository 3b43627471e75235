/** A name that a later spread overwrites */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  const overrides: { type?: 'response.create' } = { type: 'response.create' };
  session.send({ type: 'input_audio_buffer.commit', ...overrides });
};
