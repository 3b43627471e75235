/** A tool that closes over the session that it belongs to */
import { jsonSchema, tool } from 'gated-realtime';
import type { Context } from '../../context.js';

const parameters = jsonSchema({ type: 'object' });

export default async ({ open, callerSpeaks, wait }: Context) => {
  const call = await open({
    purposes: ['greeting'],
    tools: [
      tool({
        name: 'look_up',
        description: 'Looks up.',
        parameters,
        run: async () => {
          await wait(1_000);
          return call.session.respond('greeting', { whenBlocked: 'refuse' }).kind;
        },
      }),
    ],
  });
  call.server.calls('look_up');
  await call.session.respond('greeting').done;
  await callerSpeaks(call);
  await wait(1_500);
};
