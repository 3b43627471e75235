import type {
  RealtimeClientEvent,
  RealtimeServerEvent,
  ResponseCancelEvent,
  ResponseCreateEvent,
  SessionUpdateEvent,
} from 'openai/resources/realtime/realtime';
import type { ResponseHandle } from './response.js';
import type { ToolRound } from './tool.js';
import type { VerdictRecord } from './verdict.js';

// Three forms that cannot be built. The name of the missing property is the advice.

interface ResponseCreateIsGated extends ResponseCreateEvent {
  readonly 'use session.respond(): response.create is gated': never;
}
interface SessionUpdateIsGated extends SessionUpdateEvent {
  readonly 'use session.update(): the gate closes until session.updated': never;
}
interface ResponseCancelIsTracked extends ResponseCancelEvent {
  readonly 'use handle.cancel() or session.interrupt()': never;
}
/** Where the `openai` package is missing, its types are a silent `any`, and everything would compile. */
interface EventTypesAreMissing {
  readonly type: string;
  readonly 'install openai: its types describe every event': never;
}

/** Every client event that passes by the gate. */
// `keyof` alone answers for an unresolved import; any other question about it comes to nothing.
export type UngatedClientEvent = symbol extends keyof RealtimeClientEvent
  ? EventTypesAreMissing
  : Exclude<RealtimeClientEvent, { type: 'response.create' | 'response.cancel' | 'session.update' }>;

/** The events that `session.send()` takes. */
export type SendableEvent = UngatedClientEvent | ResponseCreateIsGated | SessionUpdateIsGated | ResponseCancelIsTracked;

type ServerEvents = { [Type in RealtimeServerEvent['type']]: Extract<RealtimeServerEvent, { type: Type }> };

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
