/** A sendable name that a computed key overwrites */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  const key: string = 'type';
  session.send({ type: 'input_audio_buffer.commit', [key]: 'response.create' });
};
