/** Options whose override differs at the second look */
import type { RespondOptions } from 'gated-realtime';
import type { Context } from '../../context.js';

export default async ({ open, begins }: Context) => {
  const { session } = await open({ purposes: ['greeting'], guards: { 'human-takeover': () => true } });
  begins();
  let looks = 0;
  const options: RespondOptions = {
    whenBlocked: 'refuse',
    get override() {
      return (looks++ === 0 ? [] : ['human-takeover']) as never[];
    },
  };
  session.respond('greeting', options);
};
