/** An option `ungated` declared on `SessionPlan` */
import type { AnyTool } from 'gated-realtime';
import type { Context } from '../../context.js';

declare module 'gated-realtime' {
  interface SessionPlan<Purpose extends string, Tools extends readonly AnyTool[], Guard extends string> {
    readonly ungated?: boolean;
  }
}

export default async ({ unconfirmed }: Context) => {
  const session = await unconfirmed.configure({ ungated: true, purposes: ['greeting'] });
  session.respond('greeting');
};
