/** A wrapper that takes what `send` takes */
import type { AnySession, ClientEventType, Sent } from 'gated-realtime';
import type { Context } from '../../context.js';

function trigger<Type extends ClientEventType>(session: AnySession, event: Sent<Type>): void {
  session.send(event);
}

export default ({ session }: Context) => {
  trigger(session, { type: 'response.create' });
};
