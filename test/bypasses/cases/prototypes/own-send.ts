/** A `send` that is put onto the session */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  const send = session.send;
  Object.assign(session, { send: (event: object) => send(event as never) });
  session.send({ type: 'response.create' } as never);
};
