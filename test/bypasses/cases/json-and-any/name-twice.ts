/** A name that stands twice in JSON */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  session.send(JSON.parse('{"type":"input_audio_buffer.commit","type":"response.create"}'));
};
