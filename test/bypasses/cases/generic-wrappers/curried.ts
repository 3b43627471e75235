/** A curried `send`, its parameter inferred */
import type { AnySession } from 'gated-realtime';
import type { Context } from '../../context.js';

const sender =
  <Session extends AnySession>(session: Session) =>
  (event: Parameters<Session['send']>[0]) =>
    session.send(event);

export default ({ session }: Context) => {
  sender(session)({ type: 'response.create' });
};
