import { plan, tool } from 'gated-realtime';
import type { AnySession, Ending } from 'gated-realtime';
import { openSession, type WsOptions } from 'gated-realtime/ws';
import type OpenAI from 'openai';
import { z } from 'zod';

export interface SipOptions {
  readonly client: OpenAI;
  readonly model: string;
  /** The control line of a call. Left out: through the client. */
  readonly sideband?: ((callId: string) => WsOptions) | undefined;
  readonly onSession?: ((callId: string, session: AnySession) => void) | undefined;
}

const instructions = `
You are the answering service of Elm Road Cinema, on the phone. Tonight there is one film, at eight. Be brief.
When the caller is done, call end_call.
`.trim();

const endCall = tool({
  name: 'end_call',
  description: 'Says goodbye and hangs up. Say nothing yourself before you call it.',
  parameters: z.object({}),
  timeoutMs: 60_000,
  run: async (_, { session }) => {
    const farewell = { instructions: 'Say goodbye in one short sentence.', tool_choice: 'none' } as const;
    const ending = await session.hangup({ farewell, onBargeIn: 'resume' });
    return ending.kind === 'resumed' ? 'The caller has something to add: the call goes on.' : 'The call has ended.';
  },
  reply: 'silent',
});

/**
 * Takes a call that rings, and speaks until it is over. The audio goes between the carrier and OpenAI; what we hold is
 * the control line. Rejects if the call could not be taken.
 */
export async function answer(callId: string, options: SipOptions): Promise<Ending> {
  const { client, model, sideband = (call) => ({ client, callId: call }) } = options;
  const hangUp = async () => client.realtime.calls.hangup(callId);
  await client.realtime.calls.accept(callId, { type: 'realtime', model, instructions });
  const agent = plan({
    session: { instructions, audio: { input: { turn_detection: { type: 'server_vad', silence_duration_ms: 500 } } } },
    purposes: ['greeting'],
    tools: [endCall],
    // Also where the line is lost: nobody is to talk on where nobody listens.
    recovery: {},
    hangUp,
  });
  try {
    const session = await openSession({ ...sideband(callId), ...agent });
    options.onSession?.(callId, session);
    session.respond('greeting', { whenBlocked: 'hold-this-turn' });
    return await session.closed;
  } catch (error) {
    // Nobody is left who would speak: better a call that ends than one that is silent.
    // Refused where the caller has gone before: then there is nothing to let go.
    await hangUp().catch(() => undefined);
    throw error;
  }
}
