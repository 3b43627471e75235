import type { Ending } from '../../types/index.js';
import type { Facts } from './facts.js';
import type { Part } from './part.js';
import type { Session } from './state.js';
import { table } from './table.js';
import { command, post, tell, type Work } from './work.js';

/** The connection: open, being closed, closed; and how it ended. */
export const connectionTable = table<'open' | 'closing' | 'closed'>('connection', {
  open: { close: 'closing', gone: 'closed' },
  closing: { gone: 'closed' },
  closed: {},
});

export interface Connection {
  /** How the session ends, said first by whoever ends it; null while nobody has. */
  ending: Ending | null;
}

export const isOpen = ({ is }: Session): boolean => is.connection === 'open';
export const isClosing = ({ is }: Session): boolean => is.connection === 'closing';
export const isClosed = ({ is }: Session): boolean => is.connection === 'closed';

/** How the session ends, as far as anybody has said. */
export const endsAs = ({ connection }: Session): Ending['kind'] | undefined => connection.ending?.kind;

/** Says how the session ends, unless that has been said before. */
function endAs({ connection }: Session, ending: Ending | null): void {
  connection.ending ??= ending;
}

/** Ends the session, as whoever says so first says; null: that has been said. */
export function close(work: Work, ending: Ending | null): void {
  if (isOpen(work.session)) post(work, 'close', { ending });
}

/** Notes that the socket is gone; once. */
export function gone(work: Work, code: number | null, reason: string): void {
  if (!isClosed(work.session)) post(work, 'gone', { code, reason });
}

/** The close code with which the server ends a session that has reached its age. */
const EXPIRED = 1001;

function onClose(work: Work, { ending }: Facts['close']): void {
  endAs(work.session, ending);
  command(work, { do: 'close-line', code: 1000, reason: 'OK' });
}

function onGone(work: Work, { code, reason }: Facts['gone']): void {
  const { connection } = work.session;
  connection.ending ??= endingOf(work.session, code, reason);
  tell(work, { kind: 'closed', ending: connection.ending });
}

/** A control line that the server closes in good order: whoever was on the call has hung up. */
function endingOf({ rules }: Session, code: number | null, reason: string): Ending {
  if (code === EXPIRED) return { kind: 'expired' };
  return rules.line === 'sideband' && CLEAN.has(code) ? { kind: 'caller-hung-up' } : { kind: 'lost', code, reason };
}
/** Normal closure, with a status or without. */
const CLEAN: ReadonlySet<number | null> = new Set([1000, 1005]);

/** A carrier's leg that could not be ended is said in the ending. */
function onLegFailed({ session: { connection } }: Work, { how }: Facts['leg-failed']): void {
  if (connection.ending?.kind === 'hung-up') connection.ending = { ...connection.ending, leg: how };
}

export const connection: Part = {
  tables: { connection: connectionTable },
  heeds: {
    'ends-as': ({ session }, { ending }) => endAs(session, ending),
    'leg-failed': onLegFailed,
    expired: (work) => close(work, { kind: 'expired' }),
    close: onClose,
    gone: onGone,
  },
};
