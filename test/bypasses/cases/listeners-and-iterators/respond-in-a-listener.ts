/** A listener that answers at the end of the caller's turn */
import type { Context } from '../../context.js';

export default ({ session, server }: Context) => {
  session.on('input_audio_buffer.speech_stopped', () => session.respond('greeting', { whenBlocked: 'refuse' }));
  server.caller.ends('I would like');
};
