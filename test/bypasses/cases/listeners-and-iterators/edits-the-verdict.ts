/** A held verdict whose guards are taken away */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  const verdict = session.respond('greeting');
  if (verdict.kind === 'hold') verdict.by.length = 0;
  session.reconsider();
};
