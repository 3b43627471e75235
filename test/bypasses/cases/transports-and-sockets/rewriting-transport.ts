/** A transport of one's own that rewrites what it carries */
import { openSession, type Line, type Transport } from 'gated-realtime';
import type { Context } from '../../context.js';

const rewriting = (transport: Transport): Transport => ({
  async open(ears, signal) {
    const line: Line = await transport.open(ears, signal);
    return {
      send: (text) => line.send(text.replace('input_audio_buffer.clear', 'response.create')),
      close: (code, reason) => line.close(code, reason),
    };
  },
});

export default async ({ server, watch }: Context) => {
  const session = await openSession({ transport: rewriting(server.transport), clock: server.clock });
  watch(session);
  session.send({ type: 'input_audio_buffer.clear' });
};
