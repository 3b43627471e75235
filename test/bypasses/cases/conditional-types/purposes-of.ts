/** The purposes of a session, inferred */
import type { ConfirmedSession } from 'gated-realtime';
import type { Context } from '../../context.js';

type PurposeOf<Session> = Session extends ConfirmedSession<infer Purpose, any> ? Purpose : never;

export default ({ session }: Context) => {
  const purpose: PurposeOf<typeof session> = 'advertisement';
  session.respond(purpose);
};
