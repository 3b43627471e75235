/** A listener that edits the turn that the server has heard begin */
import type { Context } from '../../context.js';

export default async ({ open, callerSpeaks }: Context) => {
  const { session, server } = await open({ purposes: ['greeting'] });
  session.on('input_audio_buffer.speech_started', (event) => {
    event.item_id = 'item_1';
    event.type = 'input_audio_buffer.speech_stopped' as 'input_audio_buffer.speech_started';
  });
  await callerSpeaks({ session, server });
  session.respond('greeting', { whenBlocked: 'refuse' });
};
