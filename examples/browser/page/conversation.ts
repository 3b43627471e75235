import { openSession, type WebSocketClass } from 'gated-realtime/websocket';
import { museumPlan } from '../plan.js';

export interface ConversationOptions {
  readonly model: string;
  /** Where the keys come from. */
  readonly keys: string;
  readonly url?: string | undefined;
  readonly WebSocket?: WebSocketClass | undefined;
}

/** A session that says hello. Every connection gets a key of its own. */
export async function openConversation({ keys, ...where }: ConversationOptions) {
  const session = await openSession({ ...museumPlan, ...where, apiKey: () => keyFrom(keys) });
  session.respond('greeting');
  return session;
}

async function keyFrom(keys: string): Promise<string> {
  const answer = await fetch(keys, { method: 'POST' });
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  return answer.text();
}
