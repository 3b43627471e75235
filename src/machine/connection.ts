import type { Ending } from '../../types/index.js';
import type { Facts } from './facts.js';
import type { Part } from './part.js';
import { endsCall } from './sideband.js';
import type { Session } from './state.js';
import { table } from './table.js';
import { command, post, tell, type Work } from './work.js';

/**
 * The connection: open, away (its line was lost, and another is being made ready), being closed, closed; and how it ended.
 * Lines are numbered from 1. At most one is live: what comes by any other is heard by nobody but `restore`.
 */
export const connectionTable = table<'open' | 'away' | 'closing' | 'closed'>('connection', {
  open: { dropped: 'away', parted: 'away', close: 'closing', gone: 'closed' },
  away: { 'taken-over': 'open', close: 'closing', gone: 'closed' },
  closing: { gone: 'closed' },
  closed: {},
});

export interface Connection {
  /** How the session ends, as the first to end it said; null: nobody has. */
  ending: Ending | null;
  /** The number of the line that is live; 0 while none is. */
  live: number;
}

export const firstConnection = (): Connection => ({ ending: null, live: FIRST_LINE });

/** The line that the session begins with. */
export const FIRST_LINE = 1;

export const isOpen = ({ is }: Session): boolean => is.connection === 'open';
export const isAway = ({ is }: Session): boolean => is.connection === 'away';
/** The session goes on: it is open, or another line is being made ready for it. */
export const goesOn = ({ is }: Session): boolean => is.connection === 'open' || is.connection === 'away';
export const isClosing = ({ is }: Session): boolean => is.connection === 'closing';
export const isClosed = ({ is }: Session): boolean => is.connection === 'closed';

/** The number of the line that is live; 0: none is. */
export const liveLine = ({ connection }: Session): number => connection.live;

/** How the session will end, if that has been decided. */
export const endsAs = ({ connection }: Session): Ending['kind'] | undefined => connection.ending?.kind;

/** Records how the session ends, unless that is already recorded. */
function endAs({ connection }: Session, ending: Ending | null): void {
  connection.ending ??= ending;
}

/** Closes the session. `ending` is recorded unless an ending already is; null: one already is. */
export function close(work: Work, ending: Ending | null): void {
  if (goesOn(work.session)) post(work, 'close', { ending });
}

/** Notes that the live line is gone, once. Whether another takes its place is for `restore` to say. */
export function gone(work: Work, code: number | null, reason: string): void {
  if (!isClosed(work.session)) post(work, 'line-lost', { code, reason, by: 'the network' });
}

/** The close code with which the server ends a session that has reached its maximum age. */
const EXPIRED = 1001;

function onClose(work: Work, { ending }: Facts['close']): void {
  endAs(work.session, ending);
  if (work.session.connection.live === 0) post(work, 'gone', { code: null, reason: '' });
  else command(work, { do: 'close-line', code: 1000, reason: 'OK' });
}

function onGone(work: Work, { code, reason }: Facts['gone']): void {
  const { connection } = work.session;
  connection.ending ??= endingOf(work.session, code, reason);
  tell(work, { kind: 'closed', ending: connection.ending });
}

/** A sideband connection that the server closes normally means that the caller hung up. */
function endingOf(session: Session, code: number | null, reason: string): Ending {
  if (code === EXPIRED) return { kind: 'expired' };
  return endsCall(session, code) ? { kind: 'caller-hung-up' } : { kind: 'lost', code, reason };
}

/** Adds to the ending that the carrier's leg could not be ended. */
function onLegFailed({ session: { connection } }: Work, { how }: Facts['leg-failed']): void {
  if (connection.ending?.kind === 'hung-up') connection.ending = { ...connection.ending, leg: how };
}

export const connection: Part = {
  tables: { connection: connectionTable },
  handlers: {
    'ends-as': ({ session }, { ending }) => endAs(session, ending),
    'leg-failed': onLegFailed,
    expired: (work) => post(work, 'line-lost', { code: EXPIRED, reason: '', by: 'the server' }),
    dropped: ({ session }) => void (session.connection.live = 0),
    parted: ({ session }) => void (session.connection.live = 0),
    'taken-over': ({ session }, { line }) => void (session.connection.live = line),
    close: onClose,
    gone: onGone,
  },
};
