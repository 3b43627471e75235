/** A transport of one's own that says the caller is silent */
import { openSession, type Transport } from 'gated-realtime';
import type { Context } from '../../context.js';

const soothing = (transport: Transport): Transport => ({
  open: (ears, signal) =>
    transport.open(
      {
        ...ears,
        frame: (frame) => String(frame).includes('speech_started') || ears.frame(frame),
        gone: (how) => ears.gone(how),
      },
      signal,
    ),
});

export default async ({ open, watch, server, wait }: Context) => {
  const session = await openSession({
    transport: soothing(server.transport),
    clock: server.clock,
    purposes: ['greeting'],
  });
  watch(session);
  server.caller.begins();
  await wait(100);
  session.respond('greeting');
};
