/**
 * Bookkeeping over what the gate tells: every request settles once, ends once, and leaves one record, in the step in which
 * it settles. What it finds wrong it says.
 */
import type { Notice } from '../../src/machine/index.js';

export interface Ledger {
  /** By request: how often each has happened to it. */
  readonly requests: Record<number, { settled: number; ended: number; held: number }>;
  /** By response that was told as created: how often it was told as ended. */
  readonly responses: Record<string, number>;
  /** By update: how often it was answered. */
  readonly updates: Record<number, number>;
  settlements: number;
  records: number;
}

export const emptyLedger = (): Ledger => ({ requests: {}, responses: {}, updates: {}, settlements: 0, records: 0 });

export function asked(ledger: Ledger, request: number): void {
  ledger.requests[request] = { settled: 0, ended: 0, held: 0 };
}

/** A connection is lost: what comes on the next is another conversation, whatever its ids. */
export function forgetResponses(ledger: Ledger): readonly string[] {
  const open = Object.entries(ledger.responses).filter(([, ends]) => ends !== 1);
  for (const id of Object.keys(ledger.responses)) Reflect.deleteProperty(ledger.responses, id);
  return open.map(([id]) => `L6: ${id} was left open by a lost connection`);
}

/** The notices of one step. */
export function note(ledger: Ledger, notices: readonly Notice[]): readonly string[] {
  const wrong = notices.flatMap((notice) => noteOne(ledger, notice));
  const unrecorded = ledger.settlements !== ledger.records;
  return unrecorded
    ? [...wrong, `L11: ${ledger.settlements} requests are settled, and ${ledger.records} records are left`]
    : wrong;
}

function noteOne(ledger: Ledger, notice: Notice): readonly string[] {
  switch (notice.kind) {
    case 'admitted':
    case 'refused':
    case 'merged':
      return settle(ledger, notice.request, notice.kind);
    case 'held':
      return held(ledger, notice.request);
    case 'record':
      ledger.records++;
      return [];
    case 'created':
      if (notice.response in ledger.responses) return [`L6: ${notice.response} was told as created twice`];
      ledger.responses[notice.response] = 0;
      return [];
    case 'ended':
      return ended(ledger, notice);
    case 'confirmed':
    case 'unconfirmed':
      ledger.updates[notice.update] = (ledger.updates[notice.update] ?? 0) + 1;
      return ledger.updates[notice.update] === 1 ? [] : [`L6: update ${notice.update} was answered twice`];
    default:
      return [];
  }
}

function settle(ledger: Ledger, id: number, how: string): readonly string[] {
  const request = ledger.requests[id];
  if (!request) return [`L6: request ${id} was ${how}, and never asked`];
  ledger.settlements++;
  request.settled++;
  return request.settled === 1 ? [] : [`L6: request ${id} settled again, as ${how}`];
}

function held(ledger: Ledger, id: number): readonly string[] {
  const request = ledger.requests[id];
  if (!request || request.settled > 0 || request.held > 0) return [`L6: request ${id} is held out of turn`];
  request.held++;
  return [];
}

function ended(ledger: Ledger, notice: Extract<Notice, { kind: 'ended' }>): readonly string[] {
  const wrong: string[] = [];
  for (const id of notice.requests) {
    const request = ledger.requests[id];
    if (!request) wrong.push(`L6: request ${id} ended, and was never asked`);
    else if (++request.ended > 1) wrong.push(`L6: request ${id} ended again, as ${notice.outcome.status}`);
    else if (request.settled === 0) wrong.push(`L6: request ${id} ended before it settled`);
  }
  const { response } = notice;
  if (response === null) return wrong;
  // A response may be lost that was known by its deltas alone: then nobody was told of it.
  const count = (ledger.responses[response] ?? 0) + 1;
  ledger.responses[response] = count;
  return count > 1 ? [...wrong, `L6: ${response} ended twice`] : wrong;
}

/** At the end of everything, what is still open. */
export function unsettled(ledger: Ledger): readonly string[] {
  return [
    ...Object.entries(ledger.requests).flatMap(([id, { settled, ended: ends }]) =>
      settled === 1 && ends === 1 ? [] : [`L6: request ${id} settled ${settled} times, and ended ${ends} times`],
    ),
    ...Object.entries(ledger.responses).flatMap(([id, ends]) => (ends === 1 ? [] : [`L6: ${id} ended ${ends} times`])),
  ];
}
