/** A verdict of one's own */
import type { Admit } from 'gated-realtime';
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  const verdict = session.respond('greeting', { whenBlocked: 'refuse' });
  const admitted: Admit = { ...verdict, kind: 'admit', response: { purpose: 'greeting' } };
  return admitted.response.done;
};
