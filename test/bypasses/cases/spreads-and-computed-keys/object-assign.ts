/** `Object.assign()` onto a sendable event */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  const commit = { type: 'input_audio_buffer.commit' } as const;
  session.send(Object.assign(commit, { type: 'response.create' } as const));
};
