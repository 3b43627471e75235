/** All names as a type argument */
import type { ClientEventType } from 'gated-realtime';
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  session.send<ClientEventType>({ type: 'response.create' });
};
