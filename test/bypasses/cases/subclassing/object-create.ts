/** `Object.create()` of the session, with a `send` of its own */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  const loud = Object.create(session, { send: { value: (event: object) => session.send(event as never) } });
  loud.send({ type: 'response.create' });
};
