/** JSON smuggled into the name of an event */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  session.send({ type: 'input_audio_buffer.commit", "type": "response.create' });
};
