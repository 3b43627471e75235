import type { ClientEvent } from './effects.js';
import { isOpen } from './connection.js';
import { noteSent } from './items.js';
import { at, isRecord } from './read.js';
import { cancelOutstanding, cancelRequest } from './settlement.js';
import { cancelResponses, cancelSlot } from './response.js';
import type { Session } from './state.js';
import { noteHandSent } from './tool-calls.js';
import { makeId, post, send, type Work } from './work.js';

/** `handle.cancel()`: by id, as soon as there is one, and never another response. */
export function cancel(work: Work, of: { readonly request: number } | { readonly response: string }): void {
  if ('request' in of) cancelRequest(work, of.request);
  cancelResponses(work, ({ id, answers }) => ('request' in of ? answers.includes(of.request) : id === of.response));
}

/** `session.interrupt()`: what holds the slot is cancelled; what is about to, as soon as it exists. */
export function interrupt(work: Work): void {
  cancelSlot(work);
  cancelOutstanding(work.session);
  post(work, 'interrupted');
}

/** `session.send()`: sent as it is, with ids where it had none, so that its echo and its error are known again. */
export function sendByHand(work: Work, event: ClientEvent): void {
  const { session } = work;
  if (!isOpen(session)) return;
  const named = withIds(session, event);
  noteSent(session, named);
  noteHandSent(work, named);
  if (event.type === 'input_audio_buffer.commit' || at(event, 'item', 'role') === 'user') session.requests.inARow = 0;
  send(work, named);
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
