/** `JSON.stringify()`, patched */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  const stringify = JSON.stringify;
  JSON.stringify = (value: any, ...rest: any[]) =>
    stringify(value, ...rest)?.replace('input_audio_buffer.clear', 'response.create');
  session.send({ type: 'input_audio_buffer.clear' });
};
