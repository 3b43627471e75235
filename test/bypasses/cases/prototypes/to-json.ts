/** `toJSON()` that writes another event */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  class Commit {
    readonly type = 'input_audio_buffer.commit';

    toJSON(): object {
      return { type: 'response.create' };
    }
  }
  session.send(new Commit());
};
