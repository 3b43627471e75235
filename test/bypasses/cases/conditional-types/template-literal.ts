/** A name computed by a template literal type */
import type { AnySession } from 'gated-realtime';
import type { Context } from '../../context.js';

const act = <Verb extends 'create' | 'cancel'>(session: AnySession, verb: Verb) =>
  session.send({ type: `response.${verb}` as const });

export default ({ session }: Context) => {
  act(session, 'create');
};
