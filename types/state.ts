import type { BudgetState } from './budget.js';
import type { Failure } from './recovery.js';
import type { BuiltInGuard } from './verdict.js';

/**
 * All that the session knows that decides what is said, and when. A copy, safe to print: no content, no credentials.
 * Whoever wonders why nothing is being said finds the reason here.
 */
export interface SessionState {
  /** The connection to the server. `away`: it was lost, and another is being made ready (`reconnect`). */
  readonly connection: 'open' | 'away' | 'closing' | 'closed';
  /** `doubtful`: an update may or may not stand, and the server has been asked. `restoring`: the last one is sent again. */
  readonly configuration: 'unasked' | 'asking' | 'doubtful' | 'restoring' | 'confirmed';
  /** Counts confirmed connections, from 1. */
  readonly epoch: number;
  /** The built-in guards that are shut, in the order of the guard table. */
  readonly shut: readonly BuiltInGuard[];
  /** Requests that wait, oldest first. */
  readonly held: readonly {
    /** The purpose it was asked for. */
    readonly purpose: string;
    /** The guards that are shut to it, your own as they last answered. */
    readonly by: readonly string[];
    /** How many milliseconds it has waited. */
    readonly sinceMs: number;
  }[];
  /** The purpose of the create that is written and not yet answered. */
  readonly outstanding: string | null;
  /** Responses that have been created and have not ended. Purpose null: the server's own. */
  readonly responses: readonly {
    /** The server's id. */
    readonly id: string;
    /** The purpose it was asked for. Null: the server answers by itself. */
    readonly purpose: string | null;
    /** Whether it runs beside the conversation (`conversation: 'none'`). */
    readonly outOfBand: boolean;
  }[];
  /** Whether the user speaks, by the server's voice detection and by `userTurn()`, and whether a transcript is awaited. */
  readonly user: {
    /** By the server's voice detection. */
    readonly voice: 'silent' | 'speaking';
    /** By `userTurn()`. */
    readonly button: 'released' | 'held';
    /** Whether the turn still waits for its transcript (`turnEnds: 'transcribed'`). */
    readonly transcript: 'unawaited' | 'awaited';
    /**
     * The user's audio. `kept`: it is kept until another connection has taken over (`reconnect`). `unheard`: that connection
     * was given it, and has not said within a second whether it hears speech in it.
     */
    readonly input: 'live' | 'kept' | 'unheard';
  };
  /**
   * Whether the server is about to answer by itself. `untold`: the control line of a call is back, and whether a response
   * has begun meanwhile is not known yet.
   */
  readonly automatic: 'quiet' | 'imminent' | 'untold';
  /** The budget, and how much of it is spent; null: the plan has none. */
  readonly budget: BudgetState | null;
  /** Whether anything is being heard, and how many milliseconds are still to be heard; null where only marks or the server can say. */
  readonly playback: {
    /** `server-playing`: the server plays (WebRTC, SIP), and says when it is done. */
    readonly state: 'drained' | 'playing' | 'server-playing';
    /** Milliseconds still to be heard; null where only marks or the server can say. */
    readonly remainingMs: number | null;
  };
  /** Tools that are running, and hosted calls, since when. */
  readonly tools: readonly {
    /** The tool's name. */
    readonly name: string;
    /** How many milliseconds it has run. */
    readonly sinceMs: number;
  }[];
  /** `quieting`: the server is being told to stay quiet. `saying`: the farewell. `ending`: the carrier's leg. */
  readonly hangup: 'none' | 'quieting' | 'saying' | 'ending' | 'ended';
  /** Retries and apologies that wait for their time or their turn. */
  readonly recovery: readonly {
    /** Whether the same is asked for again, or an apology is said. */
    readonly kind: 'retry' | 'apology';
    /** The failure that it answers. */
    readonly failure: Failure;
    /** Milliseconds until its time; 0 where it waits for its turn. */
    readonly inMs: number;
  }[];
  /** `asked`: nothing has arrived for long, and the peer is asked whether it lives. */
  readonly line: 'heard' | 'asked';
  /** `over`: the peer does not read, and audio is dropped. */
  readonly backlog: 'under' | 'over';
  /**
   * How far the next connection is, in place of one that was lost or will soon be ended: `telling` is telling it the
   * conversation again; `ready` stands beside the present one until nobody speaks. `none`: none is being made.
   */
  readonly restore: 'none' | 'waiting' | 'dialling' | 'configuring' | 'asking' | 'telling' | 'ready';
  /**
   * Counts what `send` and `appendAudio` dropped: after the end, while no connection could take it, beyond `audioMs`; and
   * whatever the transport did not take.
   */
  readonly dropped: number;
}
