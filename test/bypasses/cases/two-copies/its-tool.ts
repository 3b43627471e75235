/** A tool of the other copy */
import { jsonSchema, tool } from 'gated-realtime-copy';
import type { Context } from '../../context.js';

const parameters = jsonSchema({ type: 'object' });

export default async ({ open, callerSpeaks, wait }: Context) => {
  const speak = tool({
    name: 'speak',
    description: 'Speaks.',
    parameters,
    run: async (_, { respond }) => {
      await wait(1_000);
      return respond({ whenBlocked: 'refuse' }).kind;
    },
  });
  const { session, server } = await open({ tools: [speak] });
  server.calls('speak');
  await session.respond('tool:speak').done;
  await callerSpeaks({ session, server });
  await wait(1_500);
};
