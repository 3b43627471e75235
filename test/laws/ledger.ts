/**
 * Bookkeeping over what the machine tells: every request settles once, ends once, and leaves one record, in the step in
 * which it settles; every response is told once, ends once, and is said to be heard, cut, or neither. What it finds wrong
 * it says. Requests of the session's own have negative numbers, and are known once they are spoken of.
 */
import type { Notice } from '../../src/machine/index.js';

export interface Ledger {
  /** How often each happened to a request. */
  readonly requests: Record<number, { settled: number; ended: number; held: number }>;
  /** How often a reported response was reported as ended, and as heard. */
  readonly responses: Record<string, { ended: number; heard: number }>;
  /** How often each update was answered. */
  readonly updates: Record<number, number>;
  /** How often the tool round of a response was reported as concluded. */
  readonly rounds: Record<string, number>;
  settlements: number;
  records: number;
}

export const emptyLedger = (): Ledger => ({
  requests: {},
  responses: {},
  updates: {},
  rounds: {},
  settlements: 0,
  records: 0,
});

export function asked(ledger: Ledger, request: number): void {
  ledger.requests[request] = { settled: 0, ended: 0, held: 0 };
}

/** Takes the notices of one step; returns errors. */
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
      ledger.responses[notice.response] = { ended: 0, heard: 0 };
      return [];
    case 'ended':
      return ended(ledger, notice);
    case 'heard':
      (ledger.responses[notice.response] ??= { ended: 0, heard: 0 }).heard++;
      return [];
    case 'tools': {
      const { responseId } = notice.round;
      const count = (ledger.rounds[responseId] = (ledger.rounds[responseId] ?? 0) + 1);
      return count === 1 ? [] : [`L7: the round of ${responseId} was concluded twice`];
    }
    case 'confirmed':
    case 'unconfirmed':
      return answered(ledger, notice);
    default:
      return [];
  }
}

/** Counts the answers to an update: it may be reported as failed and then as confirmed, but nothing else twice. */
function answered(ledger: Ledger, { update, kind }: Extract<Notice, { update: number }>): readonly string[] {
  const before = ledger.updates[update] ?? 0;
  ledger.updates[update] = kind === 'confirmed' ? 2 : before + 1;
  const isAfterAll = kind === 'confirmed' && before === 1;
  return before === 0 || isAfterAll ? [] : [`L6: update ${update} was answered twice`];
}

const requestOf = (ledger: Ledger, id: number): Ledger['requests'][number] | undefined => {
  if (id < 0 && !ledger.requests[id]) asked(ledger, id);
  return ledger.requests[id];
};

function settle(ledger: Ledger, id: number, how: string): readonly string[] {
  const request = requestOf(ledger, id);
  if (!request) return [`L6: request ${id} was ${how}, and never asked`];
  ledger.settlements++;
  request.settled++;
  return request.settled === 1 ? [] : [`L6: request ${id} settled again, as ${how}`];
}

function held(ledger: Ledger, id: number): readonly string[] {
  const request = requestOf(ledger, id);
  if (!request || request.settled > 0 || request.held > 0) return [`L6: request ${id} is held out of turn`];
  request.held++;
  return [];
}

function ended(ledger: Ledger, notice: Extract<Notice, { kind: 'ended' }>): readonly string[] {
  const wrong: string[] = [];
  for (const id of notice.requests) {
    const request = requestOf(ledger, id);
    if (!request) wrong.push(`L6: request ${id} ended, and was never asked`);
    else if (++request.ended > 1) wrong.push(`L6: request ${id} ended again, as ${notice.outcome.status}`);
    else if (request.settled === 0) wrong.push(`L6: request ${id} ended before it settled`);
  }
  const { response } = notice;
  if (response === null) return wrong;
  // A response known only by its deltas may end without having been reported.
  const told = (ledger.responses[response] ??= { ended: 0, heard: 0 });
  return ++told.ended > 1 ? [...wrong, `L6: ${response} ended twice`] : wrong;
}

/** At the end of everything, finds what is still open. */
export function unsettled(ledger: Ledger): readonly string[] {
  return [
    ...Object.entries(ledger.requests).flatMap(([id, { settled, ended: ends }]) =>
      settled === 1 && ends === 1 ? [] : [`L6: request ${id} settled ${settled} times, and ended ${ends} times`],
    ),
    ...Object.entries(ledger.responses).flatMap(([id, { ended: ends, heard }]) => [
      ...(ends <= 1 ? [] : [`L6: ${id} ended ${ends} times`]),
      ...(ends === 0 && heard === 0 ? [`L6: ${id} never ended`] : []),
      ...(ends === 1 && heard === 0 ? [`L6: nobody was told whether ${id} was heard`] : []),
    ]),
  ];
}
