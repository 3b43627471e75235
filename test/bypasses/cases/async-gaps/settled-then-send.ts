/** A raw event once a held request has settled */
import type { Context } from '../../context.js';

export default async ({ session }: Context) => {
  const verdict = session.respond('greeting', { holdForMs: 100 });
  if (verdict.kind === 'hold') await verdict.settled;
  session.send({ type: 'response.create' });
};
