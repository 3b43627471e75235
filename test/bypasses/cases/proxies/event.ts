/** A proxy whose name differs at the second look */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  let looks = 0;
  const event = { type: 'input_audio_buffer.commit' } as const;
  session.send(
    new Proxy(event, {
      get: (target, key) => (key === 'type' && looks++ > 0 ? 'response.create' : Reflect.get(target, key)),
    }),
  );
};
