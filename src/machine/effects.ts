import type {
  ConfigureFailure,
  Ending,
  HangUpReason,
  ResponseOutcome,
  ResponseSpent,
  ToolRound,
  Settled,
  VerdictRecord,
} from '../../types/index.js';
import type { Thrown } from './asking.js';
import type { Ask } from './request.js';

/** A frame to the server. */
export interface ClientEvent {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** Everything that a step asks for, in this order: write every frame, tell every notice, carry out every command. */
export interface Effects {
  readonly frames: readonly ClientEvent[];
  readonly notices: readonly Notice[];
  readonly commands: readonly Command[];
}

/** A request to the world. Its result comes back as an input. */
export type Command =
  | {
      readonly do: 'run-tool';
      readonly call: string;
      readonly tool: string;
      readonly generation: number;
      readonly args: string;
    }
  /** `hang-up`: asked to come to an end, and still waited for. */
  | { readonly do: 'abort-tool'; readonly call: string; readonly why: 'timed-out' | 'answered' | 'hang-up' | 'ended' }
  /** Money of a shared budget is wanted ahead. */
  | { readonly do: 'lease'; readonly nanoUsd: number }
  | { readonly do: 'settle-lease'; readonly leasedNanoUsd: number; readonly spentNanoUsd: number }
  | { readonly do: 'end-call'; readonly why: HangUpReason }
  | { readonly do: 'ping' }
  | { readonly do: 'close-line'; readonly code: number; readonly reason: string }
  /** The line is of no use any more: nothing of it is listened to from here. */
  | { readonly do: 'give-up-line' };

/** How a response ended, as data: what was lost is said in words, and becomes an Error in the shell. */
export type Outcome =
  | Exclude<ResponseOutcome, { status: 'lost' }>
  | { readonly status: 'lost'; readonly whose: 'server' | 'network'; readonly message: string };
/** How a response ended that the server had created. */
export type Ended = Exclude<Outcome, { status: 'unsent' }>;

export type Lane = 'default' | 'out-of-band';
/** Another response answers a request: the one that another request asked for, or the server's own. */
export type Into = { readonly request: number } | { readonly response: string };

/** One settlement, as the machine knows it: a record without the names and the clock of the shell. */
export type Settlement = Settled &
  Pick<VerdictRecord, 'purpose' | 'heldBy' | 'overrides' | 'epoch' | 'askedAt' | 'settledAt' | 'sinceLastMs'> & {
    readonly request: number;
    /** The response that answers it, where that is known already. */
    readonly response: string | null;
  };

/** What else is known of a request when it is settled. `shut`: the guards that were shut when they were last asked. */
export type Particulars = Pick<Ask, 'origin' | 'attempt' | 'root'> & {
  readonly lane: Lane;
  readonly shut: readonly string[];
};

export type Notice =
  /** A request's verdict, for now or for good. */
  | { readonly kind: 'held'; readonly request: number; readonly by: readonly string[] }
  | { readonly kind: 'admitted'; readonly request: number }
  /** A request still waits, and other guards hold it now. */
  | { readonly kind: 'waits'; readonly request: number; readonly by: readonly string[] }
  /** The slot was taken: a request that had been sent waits again. */
  | { readonly kind: 'put-back'; readonly request: number }
  /** One that had been put back is sent. */
  | { readonly kind: 'sent-again'; readonly request: number }
  | { readonly kind: 'refused'; readonly request: number; readonly by: string; readonly message: string }
  | { readonly kind: 'merged'; readonly request: number; readonly into: Into }
  /** The same of one that had been admitted and was put back: its verdict stands. */
  | { readonly kind: 'answered'; readonly request: number; readonly into: Into }
  | { readonly kind: 'record'; readonly record: Settlement; readonly particulars: Particulars }
  /** A response exists. `requests`: those that it answers. */
  | {
      readonly kind: 'created';
      readonly response: string;
      readonly purpose: string | null;
      /** The request that asked for it, also where nobody waits for it any more; null: the server answered by itself. */
      readonly request: number | null;
      readonly requests: readonly number[];
    }
  /** A response ended, or the requests came to nothing (`response` null). */
  | {
      readonly kind: 'ended';
      readonly response: string | null;
      readonly lane: Lane;
      readonly requests: readonly number[];
      readonly outcome: Outcome;
      /** When the first of its audio came; where the server plays, when it began to. Null: there was none. */
      readonly firstAudioAt: number | null;
    }
  | { readonly kind: 'confirmed'; readonly update: number }
  | { readonly kind: 'unconfirmed'; readonly update: number; readonly failure: ConfigureFailure }
  /** What a response used, as the server reports it at its end. */
  | { readonly kind: 'spent'; readonly spent: ResponseSpent }
  /** How much of a response was heard, once it has ended. */
  | {
      readonly kind: 'heard';
      readonly response: string;
      readonly requests: readonly number[];
      readonly how: 'heard' | 'cut' | 'none';
    }
  /** Playback ended before its end. */
  | { readonly kind: 'cut'; readonly heard: readonly { readonly itemId: string; readonly ms: number }[] }
  | { readonly kind: 'tools'; readonly round: ToolRound }
  /** The user took the floor before the farewell was over: the call goes on. */
  | { readonly kind: 'resumed' }
  | { readonly kind: 'closed'; readonly ending: Ending }
  | {
      readonly kind: 'fault';
      /** The party at fault; `thrown` came from a function of the user's. */
      readonly whose: 'server' | 'network' | 'user';
      readonly message: string;
      readonly thrown: Thrown | null;
    };
