import { type Dimension, machines } from './machines.js';
import { slotIsHeld } from './response.js';
import type { Session } from './state.js';
import { fault, post, type Work } from './work.js';

/** States with a time limit: how long each may last, what stops its clock, and which fact and fault follow. */
export const deadlines = [
  {
    dimension: 'voice',
    state: 'speaking',
    limit: 'turnMs',
    stoppedBy: null,
    then: 'voice-overdue',
    fault: 'The user is taken to have stopped speaking: the turn lasted',
  },
  {
    dimension: 'button',
    state: 'held',
    limit: 'turnMs',
    stoppedBy: null,
    then: 'button-overdue',
    fault: "The user is taken to have stopped speaking: since userTurn('begins') there passed",
  },
  {
    dimension: 'transcript',
    state: 'awaited',
    limit: 'transcriptMs',
    stoppedBy: null,
    then: 'transcript-overdue',
    fault: null,
  },
  {
    dimension: 'automatic',
    state: 'imminent',
    limit: 'imminentMs',
    stoppedBy: 'an open response',
    then: 'answer-overdue',
    fault: 'The server did not answer the turn by itself within',
  },
  {
    dimension: 'automatic',
    state: 'untold',
    limit: 'imminentMs',
    stoppedBy: 'an open response',
    then: 'answer-overdue',
    fault: null,
  },
] as const satisfies readonly { dimension: Dimension; [more: string]: unknown }[];

/** Applies the limits that have passed. They free what is stuck; none of them asks for a response. */
export function onTick(work: Work): void {
  const { session } = work;
  if (session.now < session.due) return;
  for (const row of deadlines) {
    if (session.now < overdueAt(session, row)) continue;
    if (row.fault) fault(work, `${row.fault} ${session.rules.limits[row.limit]} ms.`);
    post(work, row.then);
  }
  for (const { onTick: run } of machines) run?.(work);
}

const dueAts = machines.flatMap(({ dueAt }) => dueAt ?? []);
const watchesAts = machines.flatMap(({ watchesAt }) => watchesAt ?? []);

/** Notes when the next deadline passes; Infinity if there is none. */
export function arrange(session: Session): void {
  let due = Infinity;
  for (const row of deadlines) due = Math.min(due, overdueAt(session, row));
  for (const dueAt of dueAts) due = Math.min(due, dueAt(session));
  let watched = Infinity;
  for (const watchesAt of watchesAts) watched = Math.min(watched, watchesAt(session));
  session.awaits = due < Infinity ? 'something' : 'nothing';
  session.due = Math.min(due, watched);
}

function overdueAt(session: Session, { dimension, state, limit, stoppedBy }: (typeof deadlines)[number]): number {
  if (session.is[dimension] !== state || (stoppedBy && slotIsHeld(session))) return Infinity;
  return session.since[dimension] + session.rules.limits[limit];
}
