import { noteThisCopy } from './copies.js';
import type { AnyTool, SessionPlan, SendableEvent } from '../types/index.js';

/**
 * Writes a plan down once, so that its session has a name: `SessionOf<typeof sales>`. Returns the plan as it is; it is
 * checked when a session is configured.
 *
 * @example
 * ```ts
 * const sales = plan({ session: { instructions: 'You sell flowers.' }, purposes: ['greeting'] });
 * const session = await openSession({ model: 'gpt-realtime-2.1', ...sales });
 * ```
 */
export const plan = <
  const Purpose extends string = string,
  const Tools extends readonly AnyTool[] = readonly [],
  const Guard extends string = never,
>(
  written: SessionPlan<Purpose, Tools, Guard>,
): SessionPlan<Purpose, Tools, Guard> => {
  noteThisCopy();
  return written;
};

/**
 * Builds the event that adds a message of the user's to the conversation. Sends nothing.
 *
 * @example
 * ```ts
 * session.send(userMessage('My order number is 4711.'));
 * session.respond('greeting');
 * ```
 */
export const userMessage = (text: string): SendableEvent => ({
  type: 'conversation.item.create',
  item: { type: 'message', role: 'user', content: [{ type: 'input_text', text }] },
});
