/** A tool that casts `call.session` to a session that can speak */
import type { ConfirmedSession } from 'gated-realtime';
import type { Context } from '../../context.js';

export default async ({ whileToolRuns }: Context) => {
  await whileToolRuns((call) => {
    const session = call.session as ConfirmedSession<'greeting'>;
    return session.respond('greeting', { whenBlocked: 'refuse' }).kind;
  });
};
