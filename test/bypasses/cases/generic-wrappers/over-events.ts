/** A wrapper that is generic over events */
import type { AnySession } from 'gated-realtime';
import type { RealtimeClientEvent } from 'openai/resources/realtime/realtime';
import type { Context } from '../../context.js';

function sendLogged<Event extends RealtimeClientEvent>(session: AnySession, event: Event): void {
  session.send(event);
}

export default ({ session }: Context) => {
  sendLogged(session, { type: 'response.create' });
};
