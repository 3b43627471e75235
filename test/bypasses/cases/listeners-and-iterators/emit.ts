/** `emit()` of an event of one's own */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  session.emit('input_audio_buffer.speech_stopped', {});
  session.respond('greeting');
};
