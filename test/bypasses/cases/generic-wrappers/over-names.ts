/** A wrapper that is generic over the names of events */
import type { AnySession, ClientEventType } from 'gated-realtime';
import type { Context } from '../../context.js';

function trigger<Type extends ClientEventType>(session: AnySession, type: Type): void {
  session.send({ type });
}

export default ({ session }: Context) => {
  trigger(session, 'response.create');
};
