/** A getter that changes its mind */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  let looks = 0;
  session.send({
    get type(): 'input_audio_buffer.commit' {
      return (looks++ === 0 ? 'input_audio_buffer.commit' : 'response.create') as 'input_audio_buffer.commit';
    },
  });
};
