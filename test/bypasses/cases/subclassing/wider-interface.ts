/** An interface that extends the session's, with a wider `send` */
import type { ConfirmedSession } from 'gated-realtime';
import type { RealtimeClientEvent } from 'openai/resources/realtime/realtime';
import type { Context } from '../../context.js';

interface RawSession extends ConfirmedSession<'greeting' | 'nudge'> {
  send(event: RealtimeClientEvent): void;
}

export default ({ session }: Context) => {
  (session as RawSession).send({ type: 'response.create' });
};
