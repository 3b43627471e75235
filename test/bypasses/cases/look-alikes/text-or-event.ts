/** An interface that sends text or events */
import type { RealtimeClientEvent } from 'openai/resources/realtime/realtime';
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  const out: { send(event: RealtimeClientEvent | string): void } = session;
  out.send(JSON.stringify({ type: 'response.create' }));
};
