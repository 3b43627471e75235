import { plan, tool } from 'gated-realtime';
import { z } from 'zod';

const instructions = `
You are the answering service of Elm Road Cinema, on the phone. Tonight there is one film, at eight. Be brief.
When the caller is done, call end_call.
`.trim();

/** Parameters for saying one thing without calling a tool. */
const say = (what: string) => ({ instructions: `${what} One short sentence.`, tool_choice: 'none' }) as const;

export const shutdownFarewell = say('Say that you must end the call for technical reasons, and goodbye.');

const endCall = tool({
  name: 'end_call',
  description: 'Says goodbye and hangs up. Say nothing yourself before you call it.',
  parameters: z.object({}),
  timeoutMs: 60_000,
  run: async (_, { session }) => {
    const ending = await session.hangup({ farewell: say('Say goodbye.'), onBargeIn: 'resume' });
    return ending.kind === 'resumed' ? 'The caller has something to add: the call goes on.' : 'The call has ended.';
  },
  reply: 'silent',
});

/** The plan of the answering service. */
export const answeringService = (hangUp: () => Promise<void>) =>
  plan({
    session: { instructions, audio: { input: { turn_detection: { type: 'server_vad', silence_duration_ms: 500 } } } },
    purposes: ['greeting'],
    tools: [endCall],
    // Also ends the call if the connection is lost, so that no caller is left talking to nobody.
    recovery: {},
    hangUp,
  });
