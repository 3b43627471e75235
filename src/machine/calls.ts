import { isOpen } from './connection.js';
import { keepsQuiet } from './hang-up.js';
import { askUpdate, type Update } from './update.js';
import type { ClientEvent } from './effects.js';
import { isRecord } from './read.js';
import type { Session } from './state.js';
import { makeId, post, send, type Work } from './work.js';

/** `handle.cancel()`: by id, as soon as there is one, and never another response. */
export function cancel(work: Work, of: { readonly request: number } | { readonly response: string }): void {
  if ('request' in of) post(work, 'request-cancelled', { request: of.request });
  else post(work, 'response-cancelled', { id: of.response });
}

/** `session.update()`: aborted where a hang-up keeps the server quiet until the end. */
export function update(work: Work, asked: Update): void {
  if (keepsQuiet(work.session)) post(work, 'update-aborted', { update: asked.id });
  else askUpdate(work, asked);
}

/** `session.send()`: sent as it is, with ids where it had none, so that its echo and its error are known again. */
export function sendByHand(work: Work, event: ClientEvent): void {
  const { session } = work;
  if (!isOpen(session)) return;
  const named = withIds(session, event);
  send(work, named);
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
