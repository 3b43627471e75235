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
import type { Json } from './read.js';
import type { Ask } from './request.js';

/** A frame to the server. */
export interface ClientEvent {
  readonly type: string;
  readonly [field: string]: unknown;
}

/**
 * Everything that a step asks of its caller, in this order: write every frame, send every notice, run every command.
 */
export interface Effects {
  readonly frames: readonly ClientEvent[];
  readonly notices: readonly Notice[];
  readonly commands: readonly Command[];
}

/** A request to the outside world. Its result comes back as an input. */
export type Command =
  | {
      readonly do: 'run-tool';
      readonly call: string;
      readonly tool: string;
      readonly generation: number;
      readonly args: string;
    }
  /** On `hang-up` the tool is asked to stop, and its result is still awaited. */
  | { readonly do: 'abort-tool'; readonly call: string; readonly why: 'timed-out' | 'answered' | 'hang-up' | 'ended' }
  /** Asks the store of a shared budget to set money aside. */
  | { readonly do: 'lease'; readonly nanoUsd: number }
  | { readonly do: 'settle-lease'; readonly leasedNanoUsd: number; readonly spentNanoUsd: number }
  | { readonly do: 'end-call'; readonly why: HangUpReason }
  | { readonly do: 'ping' }
  | { readonly do: 'close-line'; readonly code: number; readonly reason: string }
  /** The connection is lost: the shell stops listening to it. */
  | { readonly do: 'give-up-line' }
  /** Another line is to be opened, by this number. */
  | { readonly do: 'dial'; readonly line: number }
  /** A frame for a line that is not live. */
  | { readonly do: 'write'; readonly line: number; readonly frame: ClientEvent }
  /** The program may change what that line is told. */
  | { readonly do: 'ask-history'; readonly line: number; readonly items: readonly Json[] }
  /** A line that is not wanted any more, or not yet open: nothing of it is listened to from here. */
  | { readonly do: 'shut'; readonly line: number }
  /** A commit or a clear, at its place in the audio: it was sent to the line that is live, or is kept for the next. */
  | { readonly do: 'mark-audio'; readonly frame: ClientEvent; readonly when: 'sent' | 'kept' }
  /**
   * No line needs to be given the audio up to the commit with this `event_id`; null: up to the first that is not settled.
   * `itemId`: it is put aside as this item's, which may have to be told again; null: it is forgotten.
   */
  | { readonly do: 'forget-audio'; readonly through: string | null; readonly itemId: string | null }
  /** The audio that was put aside as this item's is forgotten. */
  | { readonly do: 'forget-turn'; readonly itemId: string };

/** How a response ended, as plain data: an error is a text here, and the shell makes an Error of it. */
export type Outcome =
  | Exclude<ResponseOutcome, { status: 'lost' }>
  | { readonly status: 'lost'; readonly whose: 'server' | 'network'; readonly message: string };
/** How a response ended that the server had created. */
export type Ended = Exclude<Outcome, { status: 'unsent' }>;

export type Lane = 'default' | 'out-of-band';
/** What answers a request in its place: another request's response, or one of the server's own. */
export type Into = { readonly request: number } | { readonly response: string };

/** One settlement as the machine knows it: a decision record without the shell's names and clock. */
export type Settlement = Settled &
  Pick<VerdictRecord, 'purpose' | 'heldBy' | 'overrides' | 'epoch' | 'askedAt' | 'settledAt' | 'sinceLastMs'> & {
    readonly request: number;
    /** The response that answers the request, where it is already known. */
    readonly response: string | null;
  };

/** What else the record of a settled request says. `shut`: the guards that were shut when last asked. */
export type Particulars = Pick<Ask, 'origin' | 'attempt' | 'root'> & {
  readonly lane: Lane;
  readonly shut: readonly string[];
};

export type Notice =
  /** A verdict on a request, interim or final. */
  | { readonly kind: 'held'; readonly request: number; readonly by: readonly string[] }
  | { readonly kind: 'admitted'; readonly request: number }
  /** The request still waits, but other guards hold it now. */
  | { readonly kind: 'waits'; readonly request: number; readonly by: readonly string[] }
  /** The slot was taken, so a request that had been sent waits again. */
  | { readonly kind: 'put-back'; readonly request: number }
  /** A request that had been put back is sent again. */
  | { readonly kind: 'sent-again'; readonly request: number }
  | { readonly kind: 'refused'; readonly request: number; readonly by: string; readonly message: string }
  | { readonly kind: 'merged'; readonly request: number; readonly into: Into }
  /** An admitted request that was put back is answered by another response; its verdict stands. */
  | { readonly kind: 'answered'; readonly request: number; readonly into: Into }
  | { readonly kind: 'record'; readonly record: Settlement; readonly particulars: Particulars }
  /** A response exists. `requests` are those that it answers. */
  | {
      readonly kind: 'created';
      readonly response: string;
      readonly purpose: string | null;
      /** The request that asked for it, even if nobody awaits it any more; null: the server answered by itself. */
      readonly request: number | null;
      readonly requests: readonly number[];
    }
  /** A response ended, or the requests were not sent (`response` null). */
  | {
      readonly kind: 'ended';
      readonly response: string | null;
      readonly lane: Lane;
      readonly requests: readonly number[];
      readonly outcome: Outcome;
      /** When its first audio arrived, or, where the server plays, when playing began. Null: there was none. */
      readonly firstAudioAt: number | null;
    }
  | { readonly kind: 'confirmed'; readonly update: number }
  | { readonly kind: 'unconfirmed'; readonly update: number; readonly failure: ConfigureFailure }
  /** What a response used, as reported by the server at its end. */
  | { readonly kind: 'spent'; readonly spent: ResponseSpent }
  /** How much of a response was heard, after it ended. */
  | {
      readonly kind: 'heard';
      readonly response: string;
      readonly requests: readonly number[];
      readonly how: 'heard' | 'cut' | 'none';
    }
  /** Playback was cut off. */
  | { readonly kind: 'cut'; readonly heard: readonly { readonly itemId: string; readonly ms: number }[] }
  | { readonly kind: 'tools'; readonly round: ToolRound }
  /** The user took the floor before the farewell was over, so the call goes on. */
  | { readonly kind: 'resumed' }
  /** The line was lost, and another is being made ready. */
  | { readonly kind: 'away'; readonly code: number | null; readonly reason: string }
  /** That has lasted for a while: the caller may be told. */
  | { readonly kind: 'meanwhile' }
  /** The session has moved to another line before the server ended this one. */
  | { readonly kind: 'rotated'; readonly epoch: number }
  /** The server will end the line, and none takes its place before. */
  | { readonly kind: 'expiring'; readonly inMs: number }
  /** Another line has taken over. */
  | { readonly kind: 'back'; readonly epoch: number; readonly awayMs: number }
  | { readonly kind: 'closed'; readonly ending: Ending }
  | {
      readonly kind: 'fault';
      /** The party at fault. `thrown`: the error came from one of the user's functions. */
      readonly whose: 'server' | 'network' | 'user';
      readonly message: string;
      readonly thrown: Thrown | null;
    };
