/** A name of type `ClientEventType` */
import type { AnySession, ClientEventType } from 'gated-realtime';
import type { Context } from '../../context.js';

const request = (session: AnySession, type: ClientEventType) => session.send({ type });

export default ({ session }: Context) => {
  request(session, 'response.create');
};
