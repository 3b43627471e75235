import { noteThisCopy } from './copies.js';
import type { AnyTool, SessionPlan, SendableEvent } from '../types/index.js';

/** Writes a plan down once, so that its session has a name: `SessionOf<typeof salesPlan>`. */
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

/** Builds the event, sends nothing: `session.send(userMessage('Hello.'))`. */
export const userMessage = (text: string): SendableEvent => ({
  type: 'conversation.item.create',
  item: { type: 'message', role: 'user', content: [{ type: 'input_text', text }] },
});
