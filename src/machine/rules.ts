import type { Limits, PriceTable } from '../../types/index.js';
import type { BudgetRules } from './budget.js';
import type { Policy } from './failures.js';

/** The rules that a session goes by: data alone. Functions stay in the shell, and are known here by their names. */
export interface Rules {
  readonly limits: { readonly [Each in keyof Limits]-?: number };
  readonly turnEnds: 'speech-stopped' | 'transcribed';
  /** `sideband`: other connections may write to this session, so another's echo is not yet a mismatch. */
  readonly line: 'own' | 'sideband';
  /** Begins every id that is made here; at most 16 characters, unlike any other writer's. */
  readonly prefix: string;
  /** The user's own guards, in the order in which they are asked. */
  readonly guards: readonly { readonly name: string; readonly kind: 'transient' | 'terminal' }[];
  /** Whether the plan has an `accept` to be asked about differences. */
  readonly accept: 'asked' | 'not given';
  /** Whether calls of tools that nobody declared are answered with an error, or left to others. */
  readonly unknownTools: 'answer' | 'leave';
  /** `waits`: a request waits until the last response has been heard. */
  readonly playback: 'waits' | 'goes on';
  /** Whether the session can end the call that it serves. */
  readonly endsCall: 'yes' | 'no';
  /** Whether the transport can ask the peer for a sign of life. */
  readonly pings: 'can ask' | 'cannot ask';
  /** The policy for responses that fail; null: none. */
  readonly recovery: Policy | null;
  /** The model that was asked for; null: it is for the server to say. */
  readonly model: string | null;
  readonly prices: PriceTable;
  /** What may be spent; null: nobody counts. */
  readonly budget: BudgetRules | null;
}
