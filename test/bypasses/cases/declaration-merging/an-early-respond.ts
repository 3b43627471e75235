/** `respond` declared on `UnconfirmedSession` */
import type { Respond } from 'gated-realtime';
import type { Context } from '../../context.js';

declare module 'gated-realtime' {
  interface UnconfirmedSession {
    readonly respond: Respond<string>;
  }
}

export default ({ unconfirmed }: Context) => {
  unconfirmed.respond('greeting');
};
