/** Names of types, as a project writes them down. */
import type {
  AnySession,
  ConfirmedSession,
  Respond,
  ResponseDoneEvent,
  SessionOf,
  SessionPlan,
  Tool,
  Verdict,
} from 'gated-realtime';
import { jsonSchema, plan, tool } from 'gated-realtime';
import type { openSession } from 'gated-realtime/ws';

export type Opens = typeof openSession;

export const endCall: Tool<'end_call'> = tool({
  name: 'end_call',
  description: 'Say goodbye and hang up.',
  parameters: jsonSchema({ type: 'object' }),
  run: (_, { session }) => session.hangup(),
});
export const sales: SessionPlan<'greeting', readonly [Tool<'end_call'>], 'after-hours'> = plan({
  purposes: ['greeting'],
  tools: [endCall],
  guards: { 'after-hours': { shut: (session) => session.state.epoch > 1, kind: 'terminal' } },
});
export type Sales = SessionOf<typeof sales>;

export const greet = (respond: Respond<'greeting'>): Verdict => respond('greeting');
export const greetIn = (session: Sales): Verdict => greet(session.respond);
export const share = (session: Sales, sessions: Map<string, AnySession>): Map<string, AnySession> =>
  sessions.set(session.id, session);
export const narrowed = (session: Sales): ConfirmedSession<'tool:end_call'> => session;
export const total = ({ response }: ResponseDoneEvent): number => response.usage?.total_tokens ?? 0;
export const follow = (session: AnySession): (() => void) => session.on('response.done', (event) => total(event));
