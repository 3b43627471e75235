import { TransportError } from '../errors.js';
import { failInFlight, failWaiting, restore } from './confirmation.js';
import { endResponse } from './responses.js';
import { requestLife } from './table.js';
import { live, move, tell, type Work } from './work.js';

/** `close()`: nothing is asked of the server any more. */
export function close(work: Work): void {
  move(work.gate, 'close');
  failInFlight(work, { kind: 'aborted' });
  failWaiting(work, { kind: 'aborted' });
}

/** The socket is gone: for now (`dropped`) or for good (`gone`). What was in flight is lost. */
export function lose(
  work: Work,
  fact: 'dropped' | 'gone',
  { code, reason }: { readonly code: number | null; readonly reason: string },
): void {
  const { gate } = work;
  const why = [code === null ? 'no close frame' : `close code ${code}`, ...(reason ? [reason] : [])].join(', ');
  const cause = new TransportError(`The connection ended before the response did (${why}).`);
  for (const response of [...gate.responses.values()]) endResponse(work, response, fact, { status: 'lost', cause });
  for (const request of [...gate.requests.values()]) {
    if (request.state !== 'sent' || live(request, requestLife, fact) === 'unmoved') continue;
    gate.requests.delete(request.id);
    const requests = [request.id, ...request.merged];
    const outcome = { status: 'lost', cause } as const;
    tell(work, { kind: 'ended', response: null, lane: request.lane, requests, outcome });
  }
  failInFlight(work, { kind: 'lost', code, reason });
  if (fact === 'gone') failWaiting(work, { kind: 'lost', code, reason });
  gate.ended.clear();
  gate.marks = [];
  gate.trigger = null;
  gate.turnItem = gate.awaitedItem = null;
  gate.turnUncommitted = false;
  move(gate, fact);
}

/** Another socket in its place: a new conversation, which is configured before anything else. */
export function connected(work: Work): void {
  if (work.gate.connection !== 'away') return;
  work.gate.connections++;
  move(work.gate, 'connected');
  restore(work);
}
