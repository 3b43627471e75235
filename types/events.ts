import type { RealtimeClientEvent, RealtimeServerEvent } from 'openai/resources/realtime/realtime';
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
/** Advice in the place of a parameter: the compiler quotes it, and no value is of this type. */
type Advice<Words extends string> = Words & { readonly [unsendable]: never };
/** In the place of an event that may be any: nothing is one of these either. */
interface LookAtItsTypeFirst {
  type: ClientEventType;
  readonly [unsendable]: never;
}

// Where the `openai` package is missing its types are a silent `any`, and everything would compile. `keyof` alone answers
// for an unresolved import; any other question about it comes to nothing.
type OpenAIIsMissing = symbol extends keyof RealtimeClientEvent ? true : false;

/** The names of the client events. */
export type ClientEventType = OpenAIIsMissing extends true ? string : RealtimeClientEvent['type'];

/** Every client event that passes by the gate: what `session.send()` takes. */
export type SendableEvent = OpenAIIsMissing extends true ? never : Exclude<RealtimeClientEvent, { type: keyof Gated }>;

/**
 * What `session.send()` takes of an event of this name: the event, or the advice where it does not pass by the gate.
 * The symbol keeps a session from being taken for a raw client, whose `send` takes every event.
 */
export type Sent<Type extends ClientEventType> = OpenAIIsMissing extends true
  ? Advice<'install openai: its types describe every event'>
  : [ClientEventType] extends [Type]
    ? LookAtItsTypeFirst | typeof unsendable
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
  audio: { readonly bytes: Uint8Array; readonly base64: string; readonly itemId: string };
  /**
   * What was being heard is over, by barge-in or `interrupt()`: throw away what your side still has to play. `heard`: the
   * items that were cut short, and how much of each the server was told was heard, in milliseconds. Not on WebRTC and
   * SIP, where the server plays.
   */
  cut: { readonly heard: readonly { readonly itemId: string; readonly ms: number }[] };
  /** Every response once it is created, the server's own among them. */
  response: ResponseHandle;
  /** One for every request, when its verdict is settled. */
  verdict: VerdictRecord;
  /**
   * The model called a tool that was declared without `run`: give its output by `session.answer(callId, result)`, within
   * the tool's `timeoutMs`. `args` has been validated.
   */
  call: { readonly name: string; readonly callId: string; readonly args: unknown; readonly signal: AbortSignal };
  /** One for every response that called functions, once all of them are done. */
  tools: ToolRound;
  /**
   * What has no other place to go: a listener or a guard that threw, a failed tool, a watchdog, an error of the server's
   * that belongs to no request. Where a function of the plan or of a tool threw, the message names it, and `cause` is what
   * was thrown. Without a listener it goes to `process.emitWarning`, or to `console.warn`.
   */
  fault: Error;
}
