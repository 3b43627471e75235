import type { RealtimeResponseCreateParams, RealtimeServerEvent } from 'openai/resources/realtime/realtime';
import type { SendableEvent, SessionEvents } from './events.js';
import type { SessionPlan, SessionSettings } from './plan.js';
import type { Respond, ResponseHandle } from './response.js';
import type { AnyTool, ToolPurpose } from './tool.js';
import type { BuiltInGuard } from './verdict.js';

export interface ConfigureOptions {
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds to wait for the server's `session.updated`. Default `limits.confirmMs`. */
  readonly timeoutMs?: number | undefined;
}

/**
 * Connected, and that is all: it can be configured or closed. There is no `respond`, no `send` and no audio, because
 * audio sent before the first confirmed update is answered by a default persona that then locks the voice.
 */
export interface UnconfirmedSession extends AsyncDisposable {
  /** Null on a sideband connection to a call. */
  readonly model: string | null;
  /**
   * Sends `session.update`, and resolves only on a `session.updated` whose effective session contains all that was
   * asked for. Rejects with `ConfigureError` otherwise; after a rejection it may be called again. Throws `MisuseError`
   * while another call is under way, and once one has resolved.
   */
  configure<
    const Purpose extends string = string,
    const Tools extends readonly AnyTool[] = readonly [],
    const Guard extends string = never,
  >(
    plan: SessionPlan<Purpose, Tools, Guard>,
    options?: ConfigureOptions,
  ): Promise<ConfirmedSession<Purpose | ToolPurpose<Tools>, BuiltInGuard | Guard>>;
  /** Once `configure()` has resolved, the connection belongs to the confirmed session, and this and disposal do nothing. */
  close(): Promise<void>;
}

/** How a session ended. */
export type Ending =
  | { readonly kind: 'closed' }
  | { readonly kind: 'hung-up'; readonly farewell: 'heard' | 'cut' | 'failed' | 'none' }
  | { readonly kind: 'expired' }
  /** `code` is the socket's close code, null where none came. */
  | { readonly kind: 'lost'; readonly code: number | null; readonly reason: string };

/** What the gate sees now. A copy, safe to print: no content, no credentials. */
export interface SessionState {
  readonly connection: 'open' | 'closing' | 'closed';
  /** Counts confirmed connections, from 1. */
  readonly epoch: number;
  /** The built-in guards that are shut, in the order of the guard table. */
  readonly shut: readonly BuiltInGuard[];
  /** Requests that wait, oldest first. */
  readonly held: readonly { readonly purpose: string; readonly by: readonly string[]; readonly sinceMs: number }[];
  /** The purpose of the create that is written and not yet answered. */
  readonly outstanding: string | null;
  /** Responses that have been created and have not ended. Purpose null: the server's own. */
  readonly responses: readonly {
    readonly id: string;
    readonly purpose: string | null;
    readonly outOfBand: boolean;
  }[];
  /** What `send` and `appendAudio` dropped after the end, and whatever the transport did not take. */
  readonly dropped: number;
}

export interface HangUpOptions {
  /** Spoken before the call ends, and heard to its end. Left out: none, and the call ends at once. */
  readonly farewell?: RealtimeResponseCreateParams | undefined;
  /**
   * What the user's voice does to the farewell: speech now, an answer of the server's that is imminent, or any later turn.
   * `resume` (default): the farewell is taken back, and the call goes on. `hang-up`: the farewell is said once the user
   * has stopped, and cannot be interrupted; the server is first told to answer and to interrupt no more.
   */
  readonly onBargeIn?: 'resume' | 'hang-up' | undefined;
  /** Milliseconds after which the call ends whatever happens. Default 30,000. */
  readonly deadlineMs?: number | undefined;
}

/** A confirmed session, to code that does not know its purposes: everything but `respond`. */
export interface AnySession extends AsyncDisposable {
  /** The server's session id. */
  readonly id: string;
  /** Resolves once, never rejects. */
  readonly closed: Promise<Ending>;
  readonly state: SessionState;
  /**
   * Sends any client event but the three that are gated. Throws `MisuseError` for those, and for what is not an event;
   * then nothing is sent. What was checked is what is sent. After the end it drops, and counts.
   */
  send(event: SendableEvent): void;
  /**
   * Bytes or base64, in the session's input format; 15 MiB of base64 at most, which is the server's limit. Throws
   * `MisuseError` for more, or for anything else. After the end it drops, and counts.
   */
  appendAudio(audio: Uint8Array | string): void;
  /** Your own voice detection, or a button. It moves the guard and sends nothing. */
  userTurn(edge: 'begins' | 'ends'): void;
  /** The carrier's marks: how much of an item has been played, in milliseconds from its start. */
  heard(position: { readonly itemId: string; readonly ms: number }): void;
  /**
   * Changes the session. The gate is shut until the server has confirmed it; updates wait for each other. Rejects with
   * `ConfigureError`: the last confirmed configuration then stands, as soon as the server has said so.
   */
  update(change: {
    readonly session?: SessionSettings | undefined;
    readonly tools?: readonly AnyTool[] | undefined;
  }): Promise<AnySession>;
  /**
   * Stops what is being said: cancels the open response by id, and tells the server how much was heard; where the server
   * plays, it clears what it has still to play. Held requests stay held.
   */
  interrupt(): void;
  /** Asks your own guards again, when only the outside world has changed. */
  reconsider(): void;
  /**
   * Ends the call: everything that waits is refused, the farewell is heard, the carrier's leg is hung up, the session is
   * closed. Calling it twice is one hang-up. Never rejects; throws `MisuseError` for options that cannot be, and then the
   * call goes on. What it refused, the follow-up of a tool as well, is not asked for again where the caller takes the call
   * back: ask again once it has `resumed`.
   */
  hangup(options?: HangUpOptions): Promise<Ending | { readonly kind: 'resumed' }>;
  /**
   * Calls `listener` for each event, in order; the second argument is the response that the event belongs to. Returns
   * what takes it off. A listener that throws is a `fault`, and breaks neither the session nor the others.
   */
  on<Type extends keyof SessionEvents>(
    type: Type,
    listener: (event: SessionEvents[Type], response: ResponseHandle | undefined) => void,
  ): () => void;
  /**
   * Every server event from now on, for `for await`. Ends with the session. A loop that falls `buffer` events behind
   * (default 1,000) is stopped with a `MisuseError`; the session goes on.
   */
  events(options?: { readonly buffer?: number | undefined }): AsyncIterableIterator<RealtimeServerEvent>;
  /** Refuses what waits, and closes the socket. Resolves once it is closed; never rejects. */
  close(): Promise<void>;
}

export interface ConfirmedSession<in Purpose extends string, out Guard extends string = string> extends AnySession {
  readonly respond: Respond<Purpose, Guard>;
  /** The same session, its purposes widened by the new tools. */
  update<const Tools extends readonly AnyTool[] = readonly []>(change: {
    readonly session?: SessionSettings | undefined;
    readonly tools?: Tools | undefined;
  }): Promise<ConfirmedSession<Purpose | ToolPurpose<Tools>, Guard>>;
}
