/** A sendable event that is given another prototype */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  const event = { type: 'input_audio_buffer.commit' } as const;
  Object.setPrototypeOf(event, { toJSON: () => ({ type: 'response.create' }) });
  session.send(event);
};
