/** `send()` of a list of events */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  session.send([{ type: 'input_audio_buffer.commit' }, { type: 'response.create' }]);
};
