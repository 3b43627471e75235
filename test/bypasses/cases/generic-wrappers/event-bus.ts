/** A bus that knows no types of events */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  const handlers: Record<string, (payload: any) => void> = { outgoing: (payload) => session.send(payload) };
  handlers['outgoing']?.({ type: 'response.create' });
};
