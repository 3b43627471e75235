/** A `session.updated` that the server did not send */
import { openSession, type Transport } from 'gated-realtime';
import type { Context } from '../../context.js';

const eager = (transport: Transport): Transport => ({
  async open(ears, signal) {
    const line = await transport.open(ears, signal);
    const confirm = () => ears.frame('{"type":"session.updated","session":{"type":"realtime"}}');
    return {
      send: (text) => (text.includes('session.update') ? confirm() : line.send(text)),
      close: (code, reason) => line.close(code, reason),
    };
  },
});

export default async ({ server }: Context) => {
  const session = await openSession({
    transport: eager(server.transport),
    clock: server.clock,
    purposes: ['greeting'],
    session: { instructions: 'Be brief.' },
  });
  session.respond('greeting');
};
