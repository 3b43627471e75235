/** A listener that edits the session that the server has confirmed */
import type { Context } from '../../context.js';

export default async ({ open, callerSpeaks, wait }: Context) => {
  const { session, server } = await open({ purposes: ['greeting'] });
  session.on('session.updated', ({ session: confirmed }) => {
    if (confirmed.type === 'realtime' && confirmed.audio?.input) confirmed.audio.input.turn_detection = null;
  });
  await session.update({ session: { instructions: 'Be brief.' } });
  session.on('input_audio_buffer.speech_stopped', () => session.respond('greeting', { whenBlocked: 'refuse' }));
  await callerSpeaks({ session, server });
  server.caller.ends('I would like');
  await wait(1_000);
};
