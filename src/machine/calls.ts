import { isAway, isOpen } from './connection.js';
import { keepsQuiet } from './hang-up.js';
import { askUpdate, type Update } from './update.js';
import type { ClientEvent } from './effects.js';
import { isRecord } from './read.js';
import type { Session } from './state.js';
import { makeId, post, send, type Work } from './work.js';

/** Handles `handle.cancel()`: cancels that response by its id, as soon as it has one. */
export function cancel(work: Work, of: { readonly request: number } | { readonly response: string }): void {
  if ('request' in of) post(work, 'request-cancelled', { request: of.request });
  else post(work, 'response-cancelled', { id: of.response });
}

/** Handles `session.update()`. Aborts the update while a hang-up keeps the server quiet until the end. */
export function update(work: Work, asked: Update): void {
  if (keepsQuiet(work.session)) post(work, 'update-aborted', { update: asked.id });
  else askUpdate(work, asked);
}

/** Whether an event of this type can be sent now: while no line is live, some are kept for the next. */
export const takesEvent = (session: Session, type: string): boolean =>
  isOpen(session) || (isAway(session) && KEPT.has(type));
const KEPT: ReadonlySet<string> = new Set([
  ...['conversation.item.create', 'input_audio_buffer.commit', 'input_audio_buffer.clear'],
]);

/**
 * Handles `session.send()`: sends the event as it is, adding ids where it has none, so that its echo or error is
 * recognised.
 */
export function sendByHand(work: Work, event: ClientEvent): void {
  const { session } = work;
  if (!takesEvent(session, event.type)) return;
  const named = withIds(session, event);
  if (isOpen(session)) send(work, named);
  post(work, 'sent', { event: named });
}

function withIds(session: Session, event: ClientEvent): ClientEvent {
  const item = event['item'];
  return {
    ...event,
    event_id: event['event_id'] ?? makeId(session),
    ...(event.type === 'conversation.item.create' &&
      isRecord(item) && { item: { ...item, id: item['id'] ?? makeId(session) } }),
  };
}
