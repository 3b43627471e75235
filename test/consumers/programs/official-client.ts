/** The official SDK beside the package: its client, and its names of events. */
import { OpenAI } from 'openai';
import type { ResponseDoneEvent } from 'openai/resources/realtime/realtime';
import type { AnySession } from 'gated-realtime';
import { openSession } from 'gated-realtime/ws';

export async function answer(callId: string): Promise<AnySession> {
  return openSession({ client: new OpenAI({ apiKey: 'simulated' }), callId, purposes: ['greeting'] });
}
export const log = (session: AnySession, write: (event: ResponseDoneEvent) => void): (() => void) =>
  session.on('response.done', write);
