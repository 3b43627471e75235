/** A subclass of whatever the session's constructor is */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  const Base = session.constructor as new () => typeof session;
  class Loud extends Base {
    speak(): void {
      super.send({ type: 'response.create' } as never);
    }
  }
  new Loud().speak();
};
