import type { Limits, PriceTable } from '../../types/index.js';
import type { BudgetRules } from './budget.js';
import type { Policy } from './failures.js';
import type { ReconnectRules } from './reconnect-policy.js';

/** A session's rules, as plain data. The shell keeps the functions and the machine knows their names. */
export interface Rules {
  readonly limits: { readonly [Each in keyof Limits]-?: number };
  readonly turnEnds: 'speech-stopped' | 'transcribed';
  /** `sideband`: other connections may write to this session, so an unexpected echo is not yet a mismatch. */
  readonly line: 'own' | 'sideband';
  /** The prefix of every id made here: at most 16 characters, unique among writers. */
  readonly prefix: string;
  /** The user's own guards, in the order of asking. */
  readonly guards: readonly { readonly name: string; readonly kind: 'transient' | 'terminal' }[];
  /** Whether the plan has an `accept` function for differences in an echo. */
  readonly accept: 'asked' | 'not given';
  /** Whether a call of an undeclared tool is answered with an error, or left to other connections. */
  readonly unknownTools: 'answer' | 'leave';
  /** `waits`: a request waits until the last response has been heard. */
  readonly playback: 'waits' | 'goes on';
  /** Whether the session can end the phone call that it serves. */
  readonly endsCall: 'yes' | 'no';
  /** Whether the transport can ping the peer. */
  readonly pings: 'can ask' | 'cannot ask';
  /** Whether each line is dialled with a key of its own, so that another may be taken where one was refused. */
  readonly keys: 'fixed' | 'renewed';
  /** The recovery policy; null: none. */
  readonly recovery: Policy | null;
  /** How another line takes the place of one that was lost; null: none does. */
  readonly reconnect: ReconnectRules | null;
  /** The Unix time at zero of the session's clock, in milliseconds. */
  readonly unixMsAtZero: number;
  /** The requested model; null: the server decides. */
  readonly model: string | null;
  readonly prices: PriceTable;
  /** The budget; null: none. */
  readonly budget: BudgetRules | null;
}
