/** A plan whose guards are a proxy that hides the built-in ones */
import type { Context } from '../../context.js';

export default async ({ unconfirmed, watch }: Context) => {
  const guards = new Proxy(
    {},
    {
      ownKeys: () => ['user-speaking'],
      getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true, value: () => false }),
      get: () => () => false,
    },
  );
  const session = await unconfirmed.configure({ purposes: ['greeting'], guards });
  watch(session);
  session.respond('greeting');
};
