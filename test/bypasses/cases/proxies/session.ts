/** A proxy around the session whose `send` takes everything */
import type { RealtimeClientEvent } from 'openai/resources/realtime/realtime';
import type { Context } from '../../context.js';

type Raw<Session> = Omit<Session, 'send'> & { send(event: RealtimeClientEvent): void };

export default ({ session }: Context) => {
  const raw = new Proxy(session, {}) as unknown as Raw<typeof session>;
  raw.send({ type: 'response.create' });
};
