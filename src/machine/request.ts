import type { OverridableGuard } from '../../types/index.js';
import type { Lane } from './effects.js';
import type { Json } from './read.js';
import type { Session } from './state.js';
import { type StateOf, table } from './table.js';
import type { Work } from './work.js';

/** The life of one request. `over`: a response carries it from here, or it came to nothing. */
export const requestLife = table<'waiting' | 'sent' | 'over'>('request', {
  waiting: { admitted: 'sent', created: 'over', merged: 'over', settled: 'over' },
  sent: { created: 'over', conflict: 'waiting', refused: 'over', 'create-overdue': 'over', gone: 'over' },
  over: {},
});

/** A request as it is asked for. */
export interface Ask {
  /** Counts from 1 for the user's requests, and from −1 downwards for the session's own. */
  readonly id: number;
  readonly purpose: string;
  /** The wire's parameters, a plain copy; null where none were given. */
  readonly params: Json | null;
  readonly whenBlocked: 'hold' | 'hold-this-turn' | 'refuse';
  readonly override: readonly OverridableGuard[];
  readonly interrupt: boolean;
  readonly holdForMs: number;
  /** `user`: respond(). `follow-up`: after a tool round. `remark`: while a tool runs. `farewell`: hangup()'s own.
   * `retry`, `apology`: after a failure. */
  readonly origin: 'user' | 'follow-up' | 'remark' | 'farewell' | 'retry' | 'apology';
  /** How many rounds of tools it continues. */
  readonly depth: number;
  /** How often the same has been tried before. */
  readonly attempt: number;
  /** The request that it retries or apologises for; null: it stands for itself. */
  readonly root: number | null;
  /** The step before which no response can have seen what it follows; 0: any can. */
  readonly unseenBefore: number;
  /** Its signal had been aborted before it was asked for. */
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
  /** What a guard may look at, in one word: the same guards are shut to all requests of one kind. */
  readonly kind: string;
  /** The last item or commit that was sent before it; 0 if none, or if it brings parameters of its own. */
  readonly continues: number;
  heldBy: readonly string[];
  /** The guards that were shut when they were last asked. */
  shut: readonly string[];
  /** The verdict has been given for good; what follows concerns only its response. */
  settled: boolean;
  /** How long it may still wait: from `runningSince`, or, where that is null, while its clock stands still. */
  leftMs: number;
  runningSince: number | null;
  /** The metadata token of the last create that was written for it; empty before the first. */
  token: string;
  eventId: string;
  writtenAt: number;
  writtenStep: number;
  conflicts: number;
  cancelWished: boolean;
  /** It has put an end to what was being heard. */
  silenced: boolean;
  /** Requests that this one's response answers too. */
  merged: number[];
}

export interface Requests {
  readonly all: Map<number, Request>;
  /** The ids of those that wait, in their order. */
  queue: number[];
  /** Creates that were given up, by their token: the server may have taken them all the same. */
  readonly late: Map<string, Request>;
  /** Responses of ours since the user's last turn. */
  inARow: number;
  lastAskedAt: number | null;
  /** The user's own guards that were shut when they were last asked. */
  shutByUser: readonly string[];
  /** Counts the session's own requests. */
  own: number;
}

export const firstRequests = (): Requests => ({
  all: new Map(),
  queue: [],
  late: new Map(),
  inARow: 0,
  lastAskedAt: null,
  shutByUser: [],
  own: 0,
});

/** A create of ours on the default conversation is written, and neither created nor refused. */
export function createIsOut({ requests: { all } }: Session): boolean {
  for (const { state, lane } of all.values()) if (state === 'sent' && lane === 'default') return true;
  return false;
}

export const out = ({ requests: { all } }: Session): readonly Request[] =>
  [...all.values()].filter(({ state }) => state === 'sent');
/** The request whose create carries this `event_id` and is out. */
export const requestOf = (session: Session, eventId: string): Request | undefined =>
  out(session).find((request) => request.eventId === eventId);
/** The only create that is out; none where there are several. */
export function onlyCreateOut(session: Session, lane: 'default' | 'any'): Request | undefined {
  const candidates = out(session).filter((request) => lane === 'any' || request.lane === lane);
  return candidates.length === 1 ? candidates[0] : undefined;
}
/** Finds the request of a token: one that still stands, or one that was given up. */
export const requestWith = ({ requests: { all, late } }: Session, token: string): Request | undefined =>
  [...all.values()].find((request) => request.token !== '' && request.token === token) ?? late.get(token);
/** The request that was made first: what it retries or apologises for, or itself. */
export const rootOf = ({ root, id }: Pick<Request, 'root' | 'id'>): number => root ?? id;
/** Its response says what was asked for: nobody has cancelled it, and it does not merely apologise or say goodbye. */
export const bringsAnswer = ({ cancelWished, origin }: Request): boolean =>
  !cancelWished && origin !== 'apology' && origin !== 'farewell';
export const nobodyWaits = ({ requests: { queue } }: Session): boolean => queue.length === 0;
export const responsesInARow = ({ requests: { inARow } }: Session): number => inARow;
export const outstanding = (session: Session): Request | undefined =>
  out(session).find(({ lane }) => lane === 'default');
/** Those that wait, in their order. */
export const waiting = ({ requests: { queue, all } }: Session): readonly Request[] =>
  queue.map((id) => all.get(id)).filter((request) => request !== undefined);
/** Another response may answer it as well. */
export const isContinuation = ({ params, continues: item, unseenBefore }: Request): boolean =>
  params === null && (item > 0 || unseenBefore > 0);

export const enqueue = ({ requests: { queue } }: Session, { id }: Request, where: 'head' | 'tail'): unknown =>
  where === 'head' ? queue.unshift(id) : queue.push(id);

export const expiresAt = ({ runningSince, leftMs }: Request): number =>
  runningSince === null ? Infinity : runningSince + leftMs;

export function leaveQueue({ requests }: Session, request: Request): void {
  if (requests.queue.length > 0) requests.queue = requests.queue.filter((id) => id !== request.id);
}

/** Makes a request of the session's own; it is decided in this step, after all facts have been heard. */
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
