/** An option `force` declared on `RespondOptions` */
import type { Context } from '../../context.js';

declare module 'gated-realtime' {
  interface RespondOptions {
    readonly force?: boolean;
  }
}

export default ({ session }: Context) => {
  session.respond('greeting', { force: true });
};
