/** One more purpose declared on `Respond` */
import type { Verdict } from 'gated-realtime';
import type { Context } from '../../context.js';

declare module 'gated-realtime' {
  interface Respond<in Purpose extends string, out Guard extends string = string> {
    (purpose: 'advertisement'): Verdict<Guard>;
  }
}

export default ({ session }: Context) => {
  session.respond('advertisement');
};
