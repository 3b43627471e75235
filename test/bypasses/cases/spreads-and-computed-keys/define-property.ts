/** A sendable event whose name is defined anew */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  const event = { type: 'input_audio_buffer.commit' } as const;
  session.send(Object.defineProperty(event, 'type', { value: 'response.create', enumerable: true }));
};
