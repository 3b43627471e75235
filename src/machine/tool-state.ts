import type { ToolCallRecord, ToolRound } from '../../types/index.js';
import { forgetOldest } from '../bounded.js';
import type { Json } from './read.js';
import type { Request } from './request.js';
import type { OpenResponse } from './response.js';
import type { Session } from './state.js';
import { advance, type StateOf, table } from './table.js';

/**
 * The rounds of tools. A round is all function calls of one response: each that is ours gets one output, and all of them
 * together one follow-up.
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
  // A hosted call that waits to be approved.
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

/** A tool as the machine knows it: its function stays in the shell, under its name and generation. */
export interface ToolSpec {
  readonly name: string;
  readonly timeoutMs: number;
}
/** The tools of one configuration. */
export interface ToolSet {
  readonly generation: number;
  readonly functions: readonly ToolSpec[];
  /** The labels of the hosted servers. */
  readonly hosted: readonly string[];
}
export const noTools: ToolSet = { generation: 0, functions: [], hosted: [] };

/** Whether the model speaks after a tool; or with which parameters. */
export type Reply = 'respond' | 'silent' | { readonly params: Json };

export interface Call {
  /** The server's `call_id`; of a hosted call, the id of its item or of its request for approval. */
  id: string;
  readonly name: string;
  /** `left`: somebody else's to answer. */
  readonly kind: 'ours' | 'unknown' | 'hosted' | 'left';
  state: StateOf<typeof callLife>;
  readonly startedAt: number;
  /** When it is waited for no longer. */
  dueAt: number;
  endedAt: number;
  result: ToolCallRecord['result'];
  reply: Reply;
  /** The `event_id` and the item of its last output. */
  output: { readonly eventId: string; readonly itemId: string } | null;
}

export interface Round {
  readonly responseId: string;
  readonly tools: ToolSet;
  /** How its response was asked for; null: the server made it by itself. */
  readonly request: Request | null;
  /** How many rounds it continues, itself included. */
  readonly depth: number;
  readonly calls: Call[];
  state: StateOf<typeof roundLife>;
  /** How its response ended; `lost` until it has. */
  ended: Exclude<ToolRound['followUp'], 'asked' | 'silent' | 'left' | 'refused' | 'chain-ended'> | 'completed';
}

export interface ToolRounds {
  inForce: ToolSet;
  /** What the server last said the tools of the session are named. */
  told: readonly unknown[];
  readonly rounds: Map<string, Round>;
  /** Calls of rounds that are over: the server may refuse an output yet. The latest only. */
  concluded: readonly Call[];
  /** Calls that were seen, so that none runs twice. */
  readonly seen: Set<string>;
  /** Calls that somebody else is to answer, with the response that made them. */
  readonly left: Map<string, string>;
  /** Somebody else has answered: when at the latest a response must have been asked for. */
  othersDue: { readonly responseId: string; readonly at: number } | null;
}

export const firstToolRounds = (): ToolRounds => ({
  inForce: noTools,
  told: [],
  rounds: new Map(),
  concluded: [],
  seen: new Set(),
  left: new Map(),
  othersDue: null,
});

/** How many calls and rounds are remembered: a bound, not a tuning. */
export const REMEMBERED = 1024;

/** A call that this session still waits for. */
export const runs = ({ state, kind }: Call): boolean =>
  (state === 'running' || state === 'approving') && kind !== 'left';
/** The model has something to go by: an output that the server took. */
export const stands = ({ state }: Call): boolean => state === 'answered' || state === 'replaced';
export const allCalls = ({ tools: { rounds } }: Session): readonly Call[] =>
  [...rounds.values()].flatMap(({ calls }) => calls);
export const runningCalls = (session: Session): readonly Call[] => allCalls(session).filter(runs);

/** The call of ours that waits for its output: a tool runs, or `session.answer()` is to come. */
export const unansweredCall = (session: Session, callId: string | null): Call | undefined =>
  runningCalls(session).find(({ id, kind }) => kind === 'ours' && id === callId);
export const awaitsOutput = (session: Session, callId: string): boolean =>
  unansweredCall(session, callId) !== undefined;
/** The tool of this call runs, and is still part of the session: it may speak. */
export function mayRemark(session: Session, callId: string): boolean {
  const call = unansweredCall(session, callId);
  return session.tools.inForce.functions.some(({ name }) => name === call?.name);
}
export const runningTools = (session: Session): readonly { readonly name: string; readonly sinceMs: number }[] =>
  runningCalls(session).map(({ name, startedAt }) => ({ name, sinceMs: Math.round(session.now - startedAt) }));
/** The response has called a tool, and its round is not over. */
export const hasCalled = ({ tools: { rounds } }: Session, responseId: string): boolean => rounds.has(responseId);
/** The call whose output carries this `event_id`, also where its round is over. */
export const callWith = (session: Session, eventId: string): Call | undefined =>
  [...allCalls(session), ...session.tools.concluded].find(({ output }) => output?.eventId === eventId);

/** The round of a response; begun with its first call. */
export function roundOf(session: Session, responseId: string, response: OpenResponse | undefined): Round {
  const known = session.tools.rounds.get(responseId);
  if (known) return known;
  const round: Round = {
    responseId,
    tools: response?.tools ?? session.tools.inForce,
    request: response?.request ?? null,
    depth: (response?.request?.depth ?? 0) + 1,
    calls: [],
    state: roundLife.first,
    ended: 'lost',
  };
  if (!response) advance(round, roundLife, 'round-ended');
  session.tools.rounds.set(responseId, round);
  forgetOldest(session.tools.rounds, REMEMBERED);
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
