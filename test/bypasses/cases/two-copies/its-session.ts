/** A session handed to code of the other copy */
import type { AnySession } from 'gated-realtime-copy';
import type { Context } from '../../context.js';

const speak = (session: AnySession) => session.send({ type: 'response.create' });

export default ({ session }: Context) => {
  speak(session);
};
