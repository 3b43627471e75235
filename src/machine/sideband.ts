import type { Session } from './state.js';

// The control line of a call: the call goes on at the server while its line is away, and only what was never added is told.

export const isSideband = ({ rules }: Session): boolean => rules.line === 'sideband';

/** A call that the server ends: a normal closure, with a status code or without, and its maximum age. */
const ENDS: ReadonlySet<number | null> = new Set([1000, 1001, 1005]);
export const endsCall = (session: Session, code: number | null): boolean => isSideband(session) && ENDS.has(code);

/** How often in a row no call may be found before it has ended. Just after it was accepted, it is not found once. */
export const MISSES = 3;

/** Items that are on their way when the line is lost may never have arrived. */
export function doubtUnadded({ conversation, items }: Session): void {
  const doubtful = new Set(items.unadded.map(({ itemId }) => itemId));
  for (const entry of conversation.entries) {
    if (doubtful.has(entry.id) || doubtful.has(entry.call?.outputId ?? '')) entry.on = 0;
  }
}

/** The server of the call has it already: the line that was lost had it. */
export const isThere = (session: Session, on: number): boolean =>
  isSideband(session) && on === session.restore.lostLine;

/** What the lost line had is on the line that took over. */
export function carryOver({ conversation, restore }: Session, line: number): void {
  for (const entry of conversation.entries) if (entry.on === restore.lostLine) entry.on = line;
}
