/** A sendable event that is renamed through an alias */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  const event = { type: 'input_audio_buffer.commit' } as const;
  const alias: { type: string } = event;
  alias.type = 'response.create';
  session.send(event);
};
