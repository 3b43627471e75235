/** A request from inside `accept()`, while the server confirms */
import { openSession, type Transport } from 'gated-realtime';
import type { Context } from '../../context.js';

const shouting = (transport: Transport): Transport => ({
  open: (ears, signal) => {
    const frame = (text: string | Uint8Array) => ears.frame(String(text).replace('Be brief.', 'Be brief!'));
    return transport.open({ frame, gone: (how) => ears.gone(how) }, signal);
  },
});

export default async ({ server, session }: Context) => {
  await openSession({
    transport: shouting(server.transport),
    clock: server.clock,
    session: { instructions: 'Be brief.' },
    accept: () => session.respond('greeting').kind === 'admit',
  });
};
