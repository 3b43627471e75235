import type { ConfigureFailure, ResponseOutcome, VerdictRecord } from '../../types/index.js';
import type { ClientEvent } from './state.js';

/** What is to be done: write every frame, then tell. */
export interface Effects {
  readonly frames: ClientEvent[];
  readonly notices: Notice[];
}

export type Notice =
  /** A request's verdict, for now or for good. */
  | { readonly kind: 'held'; readonly request: number; readonly by: readonly string[] }
  | { readonly kind: 'admitted'; readonly request: number }
  | { readonly kind: 'refused'; readonly request: number; readonly by: string; readonly message: string }
  /** Another response answers it: a request's, or the server's own. */
  | {
      readonly kind: 'merged';
      readonly request: number;
      readonly into: { readonly request: number } | { readonly response: string };
    }
  /** The same of one that had been admitted and was put back: its verdict stands. */
  | {
      readonly kind: 'answered';
      readonly request: number;
      readonly into: { readonly request: number } | { readonly response: string };
    }
  | { readonly kind: 'record'; readonly record: VerdictRecord }
  /** A response exists. `requests`: those that it answers. */
  | {
      readonly kind: 'created';
      readonly response: string;
      readonly purpose: string | null;
      readonly requests: readonly number[];
    }
  /** A response ended, or the requests came to nothing (`response` null). */
  | {
      readonly kind: 'ended';
      readonly response: string | null;
      readonly lane: 'default' | 'out-of-band';
      readonly requests: readonly number[];
      readonly outcome: ResponseOutcome;
    }
  | { readonly kind: 'confirmed'; readonly update: number }
  | { readonly kind: 'unconfirmed'; readonly update: number; readonly failure: ConfigureFailure }
  /** The session cannot go on: the server does not confirm what it had confirmed. */
  | { readonly kind: 'broken'; readonly message: string }
  | { readonly kind: 'fault'; readonly message: string; readonly cause?: unknown };
