/** A tool that keeps `call.respond` beyond its end */
import { jsonSchema, type RespondAs, tool } from 'gated-realtime';
import type { Context } from '../../context.js';

export default async ({ open, callerSpeaks, wait }: Context) => {
  let kept: RespondAs | undefined;
  const parameters = jsonSchema({ type: 'object' });
  const lookUp = tool({
    name: 'look_up',
    description: 'Looks up.',
    parameters,
    run: (_, { respond }) => void (kept = respond),
  });
  const { session, server } = await open({ purposes: ['greeting'], tools: [lookUp] });
  server.calls('look_up');
  await session.respond('greeting').done;
  await wait(500);
  await callerSpeaks({ session, server });
  kept?.();
};
