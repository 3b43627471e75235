/** A two-faced `toJSON()` on `Object.prototype` */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  let writes = 0;
  Object.defineProperty(Object.prototype, 'toJSON', {
    configurable: true,
    value(this: { type?: string }) {
      return this.type === 'input_audio_buffer.clear' && writes++ === 1 ? { type: 'response.create' } : this;
    },
  });
  session.send({ type: 'input_audio_buffer.clear' });
};
