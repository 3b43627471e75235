import type { ToolCallRecord, ToolRound } from '../../types/index.js';
import { forgetOldest } from '../bounded.js';
import { emptyList, type Entries, type Members, noEntries, noMembers, put } from '../collections.js';
import type { Json } from './read.js';
import type { Request } from './request.js';
import type { OpenResponse } from './response.js';
import type { Session } from './state.js';
import { advance, type StateOf, table } from './table.js';

/**
 * Tool rounds. A round is all function calls of one response: each of ours gets one output, and together they get one
 * follow-up.
 */
export const callLife = table<'running' | 'approving' | 'answered' | 'replaced' | 'over'>('call', {
  running: {
    'approval-asked': 'approving',
    'call-returned': 'answered',
    'call-overdue': 'answered',
    'call-answered-by-hand': 'answered',
    'call-ended': 'over',
    'call-abandoned': 'over',
  },
  // A hosted call that waits for approval.
  approving: {
    'call-approved': 'running',
    'call-returned': 'answered',
    'call-ended': 'over',
    'call-abandoned': 'over',
  },
  answered: { 'output-refused': 'replaced', 'output-void': 'over' },
  replaced: { 'output-void': 'over' },
  over: {},
});
export const roundLife = table<'calling' | 'answering' | 'over'>('round', {
  calling: { 'round-ended': 'answering' },
  answering: { 'round-concluded': 'over' },
  over: {},
});

/** A tool as the machine knows it. The shell keeps its function, by name and generation. */
export interface ToolSpec {
  readonly name: string;
  readonly timeoutMs: number;
}
/** The tools of one configuration. */
export interface ToolSet {
  readonly generation: number;
  readonly functions: readonly ToolSpec[];
  /** The labels of the hosted (MCP) servers. */
  readonly hosted: readonly string[];
}
export const noTools: ToolSet = { generation: 0, functions: emptyList, hosted: emptyList };

/** Whether the model speaks after a tool, and with which parameters. */
export type Reply = 'respond' | 'silent' | { readonly params: Json };

export interface Call {
  /** The server's `call_id`; for a hosted call, the id of its item or of its request for approval. */
  id: string;
  readonly name: string;
  /** `left`: for another connection to answer. */
  readonly kind: 'ours' | 'unknown' | 'hosted' | 'left';
  state: StateOf<typeof callLife>;
  readonly startedAt: number;
  /** When the result is no longer awaited. */
  dueAt: number;
  endedAt: number;
  result: ToolCallRecord['result'];
  reply: Reply;
  /** The `event_id` and the item id of its latest output. */
  output: { readonly eventId: string; readonly itemId: string } | null;
}

export interface Round {
  readonly responseId: string;
  readonly tools: ToolSet;
  /** The request for its response; null: the server made the response by itself. */
  readonly request: Request | null;
  /** The number of rounds in the chain so far, including this one. */
  readonly depth: number;
  readonly calls: Call[];
  state: StateOf<typeof roundLife>;
  /** How its response ended; `lost` until it has. */
  ended: Exclude<ToolRound['followUp'], 'asked' | 'silent' | 'left' | 'refused' | 'chain-ended'> | 'completed';
}

export interface ToolRounds {
  inForce: ToolSet;
  /** The tool names in the server's latest description of the session. */
  told: readonly unknown[];
  rounds: Entries<string, Round>;
  /** The most recent calls of concluded rounds: the server may still refuse their outputs. */
  concluded: readonly Call[];
  /** Ids of calls already seen, so that none runs twice. */
  seen: Members<string>;
  /** Calls left to other connections, each with the id of its response. */
  left: Entries<string, string>;
  /** Another connection has answered: by when its response must have been requested. */
  othersDue: { readonly responseId: string; readonly at: number } | null;
}

export const firstToolRounds = (): ToolRounds => ({
  inForce: noTools,
  told: emptyList,
  rounds: noEntries,
  concluded: emptyList,
  seen: noMembers,
  left: noEntries,
  othersDue: null,
});

/** How many calls and rounds are remembered: a memory bound, not a setting. */
export const REMEMBERED = 1024;

/** Whether this session still waits for the call. */
export const runs = ({ state, kind }: Call): boolean =>
  (state === 'running' || state === 'approving') && kind !== 'left';
/** Whether the server accepted an output for the call. */
export const stands = ({ state }: Call): boolean => state === 'answered' || state === 'replaced';
export const allCalls = ({ tools: { rounds } }: Session): readonly Call[] =>
  [...rounds.values()].flatMap(({ calls }) => calls);
export const runningCalls = (session: Session): readonly Call[] => allCalls(session).filter(runs);

/** The call of ours with this id that still needs an output, from its tool or from `session.answer()`. */
export const unansweredCall = (session: Session, callId: string | null): Call | undefined =>
  runningCalls(session).find(({ id, kind }) => kind === 'ours' && id === callId);
export const awaitsOutput = (session: Session, callId: string): boolean =>
  unansweredCall(session, callId) !== undefined;
/** Whether the tool of this call is running and still part of the session, so that it may speak. */
export function mayRemark(session: Session, callId: string): boolean {
  const call = unansweredCall(session, callId);
  return session.tools.inForce.functions.some(({ name }) => name === call?.name);
}
export const runningTools = (session: Session): readonly { readonly name: string; readonly sinceMs: number }[] =>
  runningCalls(session).map(({ name, startedAt }) => ({ name, sinceMs: Math.round(session.now - startedAt) }));
/** Whether the response has called a tool in a round that is not concluded. */
export const hasCalled = ({ tools: { rounds } }: Session, responseId: string): boolean => rounds.has(responseId);
/** The call whose output carries this `event_id`, even if its round is concluded. */
export const callWith = (session: Session, eventId: string): Call | undefined =>
  [...allCalls(session), ...session.tools.concluded].find(({ output }) => output?.eventId === eventId);

/** The round of a response, created at its first call. */
export function roundOf(session: Session, responseId: string, response: OpenResponse | undefined): Round {
  const { tools } = session;
  const known = tools.rounds.get(responseId);
  if (known) return known;
  const round: Round = {
    responseId,
    tools: response?.tools ?? tools.inForce,
    request: response?.request ?? null,
    depth: (response?.request?.depth ?? 0) + 1,
    calls: [],
    state: roundLife.first,
    ended: 'lost',
  };
  if (!response) advance(round, roundLife, 'round-ended');
  tools.rounds = put(tools.rounds, responseId, round);
  forgetOldest(tools.rounds, REMEMBERED);
  return round;
}

export const newCall = (
  { now }: Session,
  { id, name, kind, ms }: Pick<Call, 'id' | 'name' | 'kind'> & { readonly ms: number },
): Call => ({
  id,
  name,
  kind,
  state: callLife.first,
  startedAt: now,
  dueAt: now + ms,
  endedAt: now,
  result: kind === 'left' ? 'left' : 'unsent',
  reply: 'respond',
  output: null,
});
