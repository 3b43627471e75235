import type { BuiltInGuard, Lapse, OverridableGuard } from '../../types/index.js';
import { emptyList } from '../collections.js';
import { answerIsImminent } from './automatic-answer.js';
import { isOverBudget } from './budget.js';
import { isClosed, isClosing } from './connection.js';
import { hangUpIsPending } from './hang-up.js';
import { mayBeSpeech } from './input-audio.js';
import { createIsOut, type Request, responsesInARow } from './request.js';
import { slotIsHeld } from './response.js';
import type { Session } from './state.js';
import { isPlaying } from './track.js';
import { isConfirmed } from './update.js';
import { userSpeaks } from './user-turn.js';

/** The part of a request that a guard may look at. */
export type Asker = Pick<Request, 'origin' | 'override' | 'audible' | 'lane'>;

interface Guard {
  readonly name: BuiltInGuard;
  /** `terminal`: a request that meets this guard is refused. `transient`: the request may wait. */
  readonly kind: 'terminal' | 'transient';
  /** Which requests this guard applies to. `audible`: those that the user would hear. */
  readonly askedBy: 'all' | 'audible' | 'default lane';
  readonly override?: OverridableGuard;
  readonly shut: (session: Session, asker: Asker) => boolean;
  /** The sentence that explains the guard to a person. */
  readonly says: string;
}

/**
 * Origins that the limit on responses in a row does not stop, since the caller would be left in silence. A chain of
 * tools counts once, at its beginning.
 */
const skips: ReadonlySet<Asker['origin']> = new Set(['farewell', 'apology', 'follow-up', 'resume']);
const skipsLoop = ({ origin }: Asker): boolean => skips.has(origin);

/** The guard table. Shut guards are listed in this order. */
export const guards: readonly Guard[] = [
  {
    name: 'closed',
    kind: 'terminal',
    askedBy: 'all',
    shut: isClosed,
    says: 'The session has ended: `session.closed` says how. Open a new one.',
  },
  {
    name: 'closing',
    kind: 'terminal',
    askedBy: 'all',
    shut: isClosing,
    says: 'The session is being closed.',
  },
  {
    name: 'hangup-pending',
    kind: 'terminal',
    askedBy: 'all',
    shut: (session, asker) => hangUpIsPending(session) && asker.origin !== 'farewell',
    says: 'The call is being ended. What should still be said belongs into `hangup({ farewell })`.',
  },
  {
    name: 'over-budget',
    kind: 'terminal',
    askedBy: 'all',
    shut: isOverBudget,
    says: 'The budget is spent, or what is in flight may spend it. `session.setBudget()` raises the limit.',
  },
  {
    name: 'loop',
    kind: 'terminal',
    askedBy: 'default lane',
    override: 'loop',
    shut: (session, asker) => responsesInARow(session) >= session.rules.limits.responsesInARow && !skipsLoop(asker),
    says: 'The model has spoken too often without the caller. It may go on once the caller has taken a turn.',
  },
  {
    name: 'unconfirmed',
    kind: 'transient',
    askedBy: 'all',
    shut: (session) => !isConfirmed(session),
    says: 'The server has not confirmed the session.',
  },
  {
    name: 'user-speaking',
    kind: 'transient',
    askedBy: 'audible',
    override: 'user-speaking',
    shut: (session) => userSpeaks(session) || mayBeSpeech(session),
    says: 'The user is speaking.',
  },
  {
    name: 'response-imminent',
    kind: 'transient',
    askedBy: 'audible',
    shut: answerIsImminent,
    says: 'The server is about to answer by itself.',
  },
  {
    name: 'response-active',
    kind: 'transient',
    askedBy: 'default lane',
    shut: (session) => createIsOut(session) || slotIsHeld(session),
    says: 'Another response holds the slot of the conversation.',
  },
  {
    name: 'playback',
    kind: 'transient',
    askedBy: 'audible',
    override: 'playback',
    shut: (session, { origin }) => (session.rules.playback === 'waits' || origin === 'resume') && isPlaying(session),
    says: 'The last response is still being heard.',
  },
];

const lapses: { readonly [Each in Lapse]: string } = {
  'queue-full': 'Too many requests are waiting already. Withdraw some, or raise limits.held.',
  expired: 'It waited for too long, or the user took another turn.',
  withdrawn: 'It was withdrawn before it was sent.',
  rejected: 'The server refused it.',
  unanswered: 'The server neither created nor refused it.',
};

/** The sentence that explains any guard, or any other reason why a request ended unsent. */
export const explain = (by: string): string =>
  guards.find(({ name }) => name === by)?.says ?? lapses[by as Lapse] ?? `The guard '${by}' is shut.`;

const asks = (asker: Asker, { askedBy, override }: Guard): boolean =>
  !(override && asker.override.includes(override)) &&
  (askedBy === 'all' || (askedBy === 'audible' ? asker.audible : asker.lane === 'default'));

/** The built-in guards that are shut to this request, in table order. */
export function shutFor(session: Session, asker: Asker): readonly Guard[] {
  let shut: readonly Guard[] = emptyList;
  for (const guard of guards) if (asks(asker, guard) && guard.shut(session, asker)) shut = [...shut, guard];
  return shut;
}

/** A typical request: in the conversation, with no overrides. */
export const anyone: Asker = { origin: 'user', override: [], audible: true, lane: 'default' };
