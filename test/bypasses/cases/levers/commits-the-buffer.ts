/** The audio buffer committed while the caller speaks */
import type { Context } from '../../context.js';

export default async ({ session, wait }: Context) => {
  session.send({ type: 'input_audio_buffer.commit' });
  await wait(200);
  session.respond('greeting', { whenBlocked: 'refuse' });
};
