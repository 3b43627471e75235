/** `send()` of a session whose purposes are not known */
import type { AnySession } from 'gated-realtime';
import type { Context } from '../../context.js';

const speak = (session: AnySession) => session.send({ type: 'response.create' });

export default ({ session }: Context) => {
  speak(session);
};
