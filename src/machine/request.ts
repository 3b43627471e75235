import type { OverridableGuard } from '../../types/index.js';
import { emptyList, type Entries, noEntries } from '../collections.js';
import { isAway } from './connection.js';
import type { Lane } from './effects.js';
import type { Json } from './read.js';
import type { Session } from './state.js';
import type { FactName } from './facts.js';
import { advance, type StateOf, table } from './table.js';
import type { Work } from './work.js';

/** The life of one request. `over`: its response carries it on, or it ended unsent. */
export const requestLife = table<'waiting' | 'sent' | 'over'>('request', {
  waiting: { admitted: 'sent', created: 'over', merged: 'over', settled: 'over' },
  sent: {
    created: 'over',
    conflict: 'waiting',
    refused: 'over',
    'create-overdue': 'over',
    dropped: 'over',
    gone: 'over',
  },
  over: {},
});

/** A request as made. */
export interface Ask {
  /** Counts up from 1 for the user's requests, and down from −1 for the session's own. */
  readonly id: number;
  readonly purpose: string;
  /** The response parameters, as a plain copy; null where none were given. */
  readonly params: Json | null;
  readonly whenBlocked: 'hold' | 'hold-this-turn' | 'refuse';
  readonly override: readonly OverridableGuard[];
  readonly interrupt: boolean;
  readonly holdForMs: number;
  /**
   * `user`: `respond()`. `follow-up`: after a tool round. `remark`: while a tool runs. `farewell`: from `hangup()`.
   * `retry`, `apology`: after a failure. `resume`: after the loss of a line.
   */
  readonly origin: 'user' | 'follow-up' | 'remark' | 'farewell' | 'retry' | 'apology' | 'resume';
  /** How many tool rounds precede it in the same chain. */
  readonly depth: number;
  /** How many times it has been tried before. */
  readonly attempt: number;
  /** The request that it retries or apologises for; null: none. */
  readonly root: number | null;
  /** The step before which no response can have seen what it follows; 0: any response can. */
  readonly unseenBefore: number;
  /** Whether its abort signal had fired before it was made. */
  readonly withdrawn: boolean;
}

export interface Request extends Omit<Ask, 'depth' | 'withdrawn'> {
  state: StateOf<typeof requestLife>;
  readonly askedAt: number;
  readonly askedStep: number;
  readonly sinceLastMs: number | null;
  depth: number;
  readonly lane: Lane;
  readonly audible: boolean;
  /** All that a guard may look at, as one string: requests of one kind are held by the same guards. */
  readonly kind: string;
  /** The number of the last item or commit sent before it; 0 if none, or if it has parameters of its own. */
  readonly continues: number;
  heldBy: readonly string[];
  /** The guards that were shut when last asked. */
  shut: readonly string[];
  /** Whether the verdict is final; what follows concerns only its response. */
  settled: boolean;
  /** How long it may still wait, counted from `runningSince`; its clock stands still while that is null. */
  leftMs: number;
  runningSince: number | null;
  /** The metadata token of its latest create; empty before the first. */
  token: string;
  eventId: string;
  writtenAt: number;
  writtenStep: number;
  conflicts: number;
  cancelWished: boolean;
  /** Whether it has already ended what was being heard. */
  silenced: boolean;
  /** Requests that its response answers too. */
  merged: number[];
}

export interface Requests {
  all: Entries<number, Request>;
  /** Those whose create is written, and neither created nor refused. */
  sent: readonly Request[];
  /** The ids of waiting requests, in order. */
  queue: number[];
  /** The waiting requests by kind, as all of them were last looked at; null: some must be looked at anew. */
  reviewed: Map<string, Reviewed> | null;
  /** When the next of them expires. May be too early, never too late. */
  nextExpiry: number;
  /** Creates that were given up, by token: the server may have accepted them. */
  late: Entries<string, Request>;
  /** Our responses since the user's last turn. */
  inARow: number;
  lastAskedAt: number | null;
  /** The user's own guards that were shut when last asked. */
  shutByUser: readonly string[];
  /** Counts the session's own requests. */
  own: number;
}

/** The waiting requests of one kind, which the same guards hold. */
export interface Reviewed {
  /** One of them: what a guard may look at is the same for all. */
  readonly asker: Request;
  readonly names: readonly string[];
}

export const firstRequests = (): Requests => ({
  all: noEntries,
  sent: emptyList,
  queue: [],
  reviewed: null,
  nextExpiry: Infinity,
  late: noEntries,
  inARow: 0,
  lastAskedAt: null,
  shutByUser: emptyList,
  own: 0,
});

/** Whether a create on the default conversation has been written, and neither created nor refused. */
export const createIsOut = (session: Session): boolean => outstanding(session) !== undefined;

export const out = ({ requests: { sent } }: Session): readonly Request[] => sent;
/** The request whose create carries this `event_id` and is still unanswered. */
export const requestOf = (session: Session, eventId: string): Request | undefined =>
  out(session).find((request) => request.eventId === eventId);
/** The only unanswered create; undefined where there are several. */
export function onlyCreateOut(session: Session, lane: 'default' | 'any'): Request | undefined {
  const candidates = out(session).filter((request) => lane === 'any' || request.lane === lane);
  return candidates.length === 1 ? candidates[0] : undefined;
}
/** The request with this token, current or given up. */
export const requestWith = ({ requests: { all, late } }: Session, token: string): Request | undefined =>
  [...all.values()].find((request) => request.token !== '' && request.token === token) ?? late.get(token);
/** The original request: the one that this one retries or apologises for, or itself. */
export const rootOf = ({ root, id }: Pick<Request, 'root' | 'id'>): number => root ?? id;
/** Whether its response brings the requested answer: it is not cancelled, an apology or a farewell. */
export const bringsAnswer = ({ cancelWished, origin }: Request): boolean =>
  !cancelWished && origin !== 'apology' && origin !== 'farewell';
export const nobodyWaits = ({ requests: { queue } }: Session): boolean => queue.length === 0;
export const responsesInARow = ({ requests: { inARow } }: Session): number => inARow;
export const outstanding = (session: Session): Request | undefined =>
  out(session).find(({ lane }) => lane === 'default');
/** The waiting requests, in order. */
export const waiting = ({ requests: { queue, all } }: Session): readonly Request[] =>
  queue.map((id) => all.get(id)).filter((request) => request !== undefined);
/** Whether another response may answer it as well. */
export const isContinuation = ({ params, continues: item, unseenBefore }: Request): boolean =>
  params === null && (item > 0 || unseenBefore > 0);

/** Moves a request by its table. */
export function move({ requests }: Session, request: Request, fact: FactName): void {
  if (request.state === 'sent') requests.sent = requests.sent.filter((each) => each !== request);
  advance(request, requestLife, fact);
  if (request.state === 'sent') requests.sent = [...requests.sent, request];
}

export function enqueue(session: Session, request: Request, where: 'head' | 'tail'): void {
  const { requests } = session;
  noteExpiry(session, request);
  if (where === 'head') {
    requests.queue.unshift(request.id);
    requests.reviewed = null;
  } else {
    requests.queue.push(request.id);
    joinItsKind(requests, request);
  }
}

/** The guards that hold the others of its kind hold it too: nothing has happened since they were looked at. */
function joinItsKind(requests: Requests, request: Request): void {
  if (requests.queue.length === 1) requests.reviewed = new Map();
  const known = requests.reviewed?.get(request.kind);
  if (known) request.shut = known.names;
  else requests.reviewed?.set(request.kind, { asker: request, names: request.shut });
}

/** Whether the same guards are shut, which are always named in the same order. */
export const areSame = (before: readonly string[], now: readonly string[]): boolean =>
  before.length === now.length && now.every((name, at) => name === before[at]);

/**
 * Its clock stands still while `playback` is all that it waits for, as speech takes as long as it takes; and while no line
 * is live.
 */
export function keepClock(session: Session, request: Request): void {
  const { now } = session;
  const standsStill = (request.shut.length === 1 && request.shut[0] === 'playback') || isAway(session);
  if (standsStill && request.runningSince !== null) {
    request.leftMs -= now - request.runningSince;
    request.runningSince = null;
  } else if (!standsStill && request.runningSince === null) {
    request.runningSince = now;
    noteExpiry(session, request);
  }
}

/** To be called whenever its clock is set. */
function noteExpiry({ requests }: Session, request: Request): void {
  const others = requests.queue.length > 0 ? requests.nextExpiry : Infinity;
  requests.nextExpiry = Math.min(others, expiresAt(request));
}

export const expiresAt = ({ runningSince, leftMs }: Request): number =>
  runningSince === null ? Infinity : runningSince + leftMs;

export function leaveQueue({ requests }: Session, request: Request): void {
  if (requests.queue.length > 0) requests.queue = requests.queue.filter((id) => id !== request.id);
}

/** Makes a request of the session's own. It is decided in the same step, after all facts are handled. */
export function askOwn(
  { session: { requests, rules }, newcomers }: Work,
  about: Pick<Ask, 'purpose' | 'params' | 'origin'> & Partial<Ask>,
): number {
  const id = --requests.own;
  newcomers.push({
    whenBlocked: 'hold',
    override: [],
    interrupt: false,
    holdForMs: rules.limits.holdForMs,
    depth: 0,
    attempt: 0,
    root: null,
    unseenBefore: 0,
    withdrawn: false,
    ...about,
    id,
  });
  return id;
}
