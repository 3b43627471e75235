/** A list of overrides that is longer when it is read again */
import type { OverridableGuard } from 'gated-realtime';
import type { Context } from '../../context.js';

export default async ({ open, begins, wait }: Context) => {
  const { session } = await open({ purposes: ['greeting'] });
  void session.hangup({ farewell: { instructions: 'Say goodbye.' } });
  await wait(50);
  begins();
  const override = new Proxy<OverridableGuard[]>([], {
    get: (target, key) => (key === 'includes' || key === 'some' ? () => true : Reflect.get(target, key)),
  });
  session.respond('greeting', { override });
};
