import type { Difference, Limits, OverridableGuard } from '../../types/index.js';
import type { Json } from './read.js';
import type { Dimension, RequestState, ResponseState, State } from './table.js';

/** A frame from the server, as far as anyone may trust it: an object with a type. */
export interface ServerEvent {
  readonly type: string;
  readonly [field: string]: unknown;
}
/** A frame to the server. */
export interface ClientEvent {
  readonly type: string;
  readonly [field: string]: unknown;
}
export type { Json } from './read.js';

/** What does not change while a gate lives. */
export interface Rules {
  readonly limits: { readonly [Each in keyof Limits]-?: number };
  readonly turnEnds: 'speech-stopped' | 'transcribed';
  /** More than one connection may write to this session: another's echo is not yet a mismatch. */
  readonly sideband: boolean;
  /** Begins every id that the gate makes up; at most 16 characters, unlike any other writer's. */
  readonly prefix: string;
  readonly guards: readonly {
    readonly name: string;
    readonly kind: 'transient' | 'terminal';
    readonly shut: () => boolean;
  }[];
  readonly accept: (difference: Difference) => boolean;
}

/** What a user asks for. */
export interface Ask {
  readonly id: number;
  readonly purpose: string;
  /** The wire's parameters, a plain copy; null where the user gave none. */
  readonly params: Json | null;
  readonly whenBlocked: 'hold' | 'hold-this-turn' | 'refuse';
  readonly override: readonly OverridableGuard[];
  readonly interrupt: boolean;
  readonly holdForMs: number;
  /** `user`: respond(). `follow-up`: after a tool round. `remark`: while a tool runs. `farewell`: hangup()'s own.
   * `retry`, `apology`: after a failure. */
  readonly origin: 'user' | 'follow-up' | 'remark' | 'farewell' | 'retry' | 'apology';
}

export interface Request extends Ask {
  state: RequestState;
  readonly askedAt: number;
  readonly askedStep: number;
  readonly lane: 'default' | 'out-of-band';
  readonly audible: boolean;
  /** The last item or commit that was sent before it; 0 if none, or if it brings parameters of its own. */
  readonly continues: number;
  heldBy: readonly string[];
  /** The verdict has been given for good; what follows concerns only its response. */
  settled: boolean;
  expiresAt: number;
  /** Of the last create that was written for it; empty before the first. */
  token: string;
  eventId: string;
  writtenAt: number;
  writtenStep: number;
  conflicts: number;
  cancelWished: boolean;
  /** Requests that this one's response answers too. */
  merged: number[];
}

/** A response that exists, or did. */
export interface OpenResponse {
  readonly id: string;
  state: ResponseState;
  lane: 'default' | 'out-of-band';
  purpose: string | null;
  /** The requests that it answers: ours first, then what was merged into it. */
  answers: number[];
  /** Its `created` has been told; until then it is known by its other frames alone. */
  told: boolean;
  /** Of the server's own answer: the step that told of it, and the last mark that it has seen. */
  automatic: { readonly step: number; readonly seen: number } | null;
  /** Its first output item has been read. */
  begun: boolean;
  lastAt: number;
  cancelSent: boolean;
  /** We cancelled it because the user had begun to speak before it existed. */
  overtaken: boolean;
}

/** A configuration that has been asked for. */
export interface Update {
  readonly id: number;
  readonly session: Json;
  readonly timeoutMs: number;
}
export interface UpdateInFlight extends Update {
  readonly eventId: string;
  readonly expiresAt: number;
  /** What will stand if it is confirmed: the last confirmed configuration with this one merged in. */
  readonly whole: Json;
  /** An echo that was not ours, on a session that others write to as well. */
  differences: readonly Difference[] | null;
}

/** An item or a commit of ours that the server has not added to the conversation yet. */
export interface Mark {
  readonly sequence: number;
  readonly eventId: string | null;
  /** Null: a commit, whose item the server will name. */
  itemId: string | null;
}

type Standing = { -readonly [Of in Dimension]: State<Of> };

/** The whole state: plain data, but for `rules`. */
export interface Gate extends Standing {
  rules: Rules;
  now: number;
  /** Counts inputs. */
  steps: number;
  /** Counts ids that the gate made up. */
  ids: number;
  /** Counts confirmed connections. */
  epoch: number;
  /** Counts connections. */
  connections: number;
  /** The connection that was last confirmed. */
  confirmedOn: number;
  /** When each state that does not last was entered. */
  readonly since: { -readonly [Of in 'turn' | 'automatic']: number };
  /** The step at which the server last said that the user began to speak. */
  speechStep: number;
  /** The step at which the user last took a turn, by whoever's word. */
  turnStep: number;
  /** The item of the turn that is under way or was last: what ends it must name it. */
  turnItem: string | null;
  /** The item whose transcript ends the turn. */
  awaitedItem: string | null;
  /** The last item whose transcript has been read. */
  transcribedItem: string | null;
  /** A turn ended, and its `committed` has not been read. */
  turnUncommitted: boolean;
  /** What the next automatic response has seen: the marks that were added when its trigger was read. */
  trigger: number | null;
  /** What the server last said of its turn detection. */
  detection: { readonly responds: boolean; readonly interrupts: boolean };
  responsesInARow: number;
  marks: Mark[];
  lastMark: number;
  /** Every mark up to this one has been added. */
  addedThrough: number;
  readonly requests: Map<number, Request>;
  /** The ids of those that wait, in their order. */
  queue: number[];
  readonly responses: Map<string, OpenResponse>;
  /** Ids that have ended, the latest last: stragglers open nothing. */
  readonly ended: Set<string>;
  /** Creates that went unanswered, by their token: they may come to be yet. */
  readonly late: Map<string, Request>;
  updates: Update[];
  inFlight: UpdateInFlight | null;
  /** The `event_id`s of updates that were given up and whose echo may still come, oldest first. */
  unechoed: readonly string[];
  /** The last configuration that was confirmed, whole; null before the first. */
  confirmed: Json | null;
  /** When a tick is due; Infinity if never. */
  due: number;
}

export function createGate(rules: Rules): Gate {
  return {
    rules,
    connection: 'open',
    configuration: 'unasked',
    turn: 'silent',
    automatic: 'quiet',
    hangup: 'none',
    budget: 'within',
    playback: 'drained',
    now: 0,
    steps: 0,
    ids: 0,
    epoch: 0,
    connections: 1,
    confirmedOn: 0,
    since: { turn: 0, automatic: 0 },
    speechStep: 0,
    turnStep: 0,
    turnItem: null,
    awaitedItem: null,
    transcribedItem: null,
    turnUncommitted: false,
    trigger: null,
    detection: { responds: true, interrupts: true },
    responsesInARow: 0,
    marks: [],
    lastMark: 0,
    addedThrough: 0,
    requests: new Map(),
    queue: [],
    responses: new Map(),
    ended: new Set(),
    late: new Map(),
    updates: [],
    inFlight: null,
    unechoed: [],
    confirmed: null,
    due: Infinity,
  };
}
