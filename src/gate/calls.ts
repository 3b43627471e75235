import { noteSent } from './marks.js';
import { at, isRecord } from './read.js';
import { withdraw } from './requests.js';
import { cancelResponse, cancelSlot } from './responses.js';
import type { ClientEvent } from './state.js';
import { beginTurn } from './turns.js';
import { makeId, move, send, type Work } from './work.js';

/** `handle.cancel()`: by id, as soon as there is one, and never another response. */
export function cancel(work: Work, of: { readonly request: number } | { readonly response: string }): void {
  const { gate } = work;
  if ('request' in of) {
    const request = gate.requests.get(of.request);
    if (request?.state === 'sent') request.cancelWished = true;
    withdraw(work, of.request);
  }
  for (const response of gate.responses.values()) {
    const meant = 'request' in of ? response.answers.includes(of.request) : response.id === of.response;
    if (meant) cancelResponse(work, response);
  }
}

/** `session.interrupt()`: what holds the slot is cancelled; what is about to, as soon as it exists. */
export function interrupt(work: Work): void {
  cancelSlot(work);
  for (const request of work.gate.requests.values()) {
    if (request.state === 'sent' && request.lane === 'default') request.cancelWished = true;
  }
}

/** `session.send()`: sent as it is, with ids where it had none, so that its echo and its error are known again. */
export function sendByHand(work: Work, event: ClientEvent): void {
  const { gate } = work;
  if (gate.connection !== 'open') return;
  const item = event['item'];
  const named: ClientEvent = {
    ...event,
    event_id: event['event_id'] ?? makeId(gate),
    ...(event.type === 'conversation.item.create' &&
      isRecord(item) && { item: { ...item, id: item['id'] ?? makeId(gate) } }),
  };
  noteSent(gate, named);
  if (event.type === 'input_audio_buffer.commit' || at(item, 'role') === 'user') gate.responsesInARow = 0;
  send(work, named);
}

/** `session.userTurn()`: the session's own voice detection. */
export function userTurn(work: Work, edge: 'begins' | 'ends'): void {
  if (edge === 'begins') beginTurn(work, 'turn-begins');
  else move(work.gate, 'turn-ends');
}
