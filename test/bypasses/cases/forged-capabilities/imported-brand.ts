/** The brand imported from the package */
import { issuedBySession } from 'gated-realtime';
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  const forged = Object.assign(() => session.send({ type: 'response.create' } as never), { [issuedBySession]: true });
  forged();
};
