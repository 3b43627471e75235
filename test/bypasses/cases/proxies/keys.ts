/** A proxy whose keys differ at the second look */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  let looks = 0;
  const event = { type: 'input_audio_buffer.commit' } as const;
  session.send(
    new Proxy(event, {
      ownKeys: () => (looks++ === 0 ? ['type'] : ['type', 'toJSON']),
      get: (target, key) => (key === 'toJSON' ? () => ({ type: 'response.create' }) : Reflect.get(target, key)),
    }),
  );
};
