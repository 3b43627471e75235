import type { RealtimeClientEvent, RealtimeServerEvent } from 'openai/resources/realtime/realtime';
import type { Advice } from './advice.js';
import type { Decision } from './decision.js';
import type { ResponseHandle } from './response.js';
import type { ToolRound } from './tool.js';
import type { VerdictRecord } from './verdict.js';

/** The events that do not pass by the gate, and what to call instead. */
interface Gated {
  'response.create': 'use session.respond(): response.create is gated';
  'response.cancel': 'use handle.cancel() or session.interrupt(): response.cancel is tracked';
  'session.update': 'use session.update(): the gate closes until session.updated';
}

declare const unsendable: unique symbol;
/**
 * In the place of an event that may be any: nothing is one of these either. The symbol keeps a session from being taken
 * for a raw client, whose `send` takes every event.
 */
type OneEvent<Words extends string> =
  { type: SendableEvent['type']; readonly [unsendable]: Words & never } | typeof unsendable;

// Where the `openai` package is missing its types are a silent `any`, and everything would compile. `keyof` alone answers
// for an unresolved import; any other question about it comes to nothing.
type OpenAIIsMissing = symbol extends keyof RealtimeClientEvent ? true : false;

/** The names of the client events. */
export type ClientEventType = OpenAIIsMissing extends true ? string : RealtimeClientEvent['type'];

/** Every client event that passes by the gate: what `session.send()` takes. */
export type SendableEvent = OpenAIIsMissing extends true ? never : Exclude<RealtimeClientEvent, { type: keyof Gated }>;

/**
 * The argument of `session.send()` for an event of this name: the event, or advice where it is gated.
 */
export type Sent<Type extends ClientEventType> = [ClientEventType] extends [Type]
  ? OpenAIIsMissing extends true
    ? Advice<'install openai: its types describe every event'>
    : OneEvent<'look at its type first, or write it as const: it may be gated'>
  : OpenAIIsMissing extends true
    ? Advice<'install openai: its types describe every event'>
    : | ({ type: Type } & Extract<SendableEvent, { type: Type }>)
      | (Type extends keyof Gated ? Advice<Gated[Type]> : never);

type ServerEvents = { [Event in RealtimeServerEvent as Event['type']]: Event };

/** The events of `session.on()`: every server event by its own name, and a few of ours. */
export interface SessionEvents extends ServerEvents {
  /** Every server event, before its own listeners; those with a name we do not know as well. */
  event: RealtimeServerEvent;
  /**
   * Output audio in the session's output format: decoded, and the base64 as it came, for carriers that want that. `bytes`
   * is yours to keep. What still arrives of an item that was cut is left out.
   */
  audio: {
    /** The audio, decoded. */
    readonly bytes: Uint8Array;
    /** The same, as it came. */
    readonly base64: string;
    /** The item that it belongs to. */
    readonly itemId: string;
  };
  /**
   * Playback is over, by barge-in or `interrupt()`: throw away what your side still has to play. `heard`: the items that were
   * cut short, and how much of each the server was told was heard, in milliseconds. Not on WebRTC and SIP, where the server
   * plays.
   */
  cut: {
    /** The items that were cut short, and how many milliseconds of each were heard. */
    readonly heard: readonly {
      /** The server's id of the item. */
      readonly itemId: string;
      /** Milliseconds from its start that were heard. */
      readonly ms: number;
    }[];
  };
  /**
   * The connection was lost, and another is being made ready (`reconnect`). Nothing is said until `back`; audio that is
   * appended meanwhile is kept, and items that are sent are told to the next connection.
   */
  away: {
    /** The close code as received; null where no close frame came. */
    readonly code: number | null;
    /** The reason that came with it; empty where none came. */
    readonly reason: string;
  };
  /**
   * The session has been away for two seconds: the plan's `reconnect.meanwhile`, for the caller to hear. Once in each absence;
   * `back` says when it is over.
   *
   * @example
   * ```ts
   * session.on('meanwhile', ({ bytes }) => speaker.write(bytes));
   * ```
   */
  meanwhile: {
    /** The audio, as the plan gave it. */
    readonly bytes: Uint8Array;
    /** The same as base64. */
    readonly base64: string;
  };
  /** Another connection has taken over: it is configured as before, and knows the conversation. */
  back: {
    /** Counts confirmed connections. */
    readonly epoch: number;
    /** How many milliseconds the session was away. */
    readonly awayMs: number;
  };
  /**
   * The session has moved to another connection before the server ended the one it had (`reconnect.rotate`), while nobody was
   * speaking: the new one is configured as before, and knows the conversation. `session.id` is another from here on.
   */
  rotated: {
    /** Counts confirmed connections. */
    readonly epoch: number;
  };
  /**
   * The server is about to end the connection, for its age, and none takes its place before: time for a farewell, on a SIP
   * call, or wherever `reconnect` or its `rotate` is off. Told once for each connection, `limits.expiringMs` before its end.
   */
  expiring: {
    /** Milliseconds until the server ends it. */
    readonly inMs: number;
  };
  /** Every response once it is created, the server's own among them. */
  response: ResponseHandle;
  /** One for every request, when its verdict is settled. */
  verdict: VerdictRecord;
  /**
   * One for every request, when nothing more can come of it: its whole story. A request that is made while the session is
   * open has its decision before `closed` resolves.
   */
  decision: Decision;
  /**
   * The model called a tool that was declared without `run`: give its output by `session.answer(callId, result)`, within
   * the tool's `timeoutMs`. `args` has been validated.
   */
  call: {
    /** The tool's name. */
    readonly name: string;
    /** The server's `call_id`: what `session.answer()` takes. */
    readonly callId: string;
    /** Validated by the tool's `parameters`. */
    readonly args: unknown;
    /** Aborted when the call can no longer matter: timeout, hang-up, close, lost socket. */
    readonly signal: AbortSignal;
  };
  /** One for every response that called functions, once all of them are done. */
  tools: ToolRound;
  /**
   * An error that no promise carries: a listener or a guard that threw, a failed tool, a watchdog, an error of the server's
   * that belongs to no request. Where a function of the plan or of a tool threw, the message names it, and `cause` is what
   * was thrown. Without a listener it goes to `process.emitWarning`, or to `console.warn`.
   */
  fault: Error;
}
