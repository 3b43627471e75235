import type { Ending } from '../../types/index.js';
import type { ClientEvent, Ended } from './effects.js';
import type { HangUp, HangUpAsk } from './hang-up.js';
import type { Unadded } from './items.js';
import type { Call } from './tool-state.js';
import type { Json } from './read.js';
import type { Refusal } from './refusals.js';
import type { Request } from './request.js';
import type { OpenResponse } from './response.js';
import type { InFlight, Update } from './update.js';

/**
 * Facts are how the small machines inform each other. A fact moves every dimension whose table names it; then each
 * small machine handles it, in the order of `machines.ts`.
 */
export interface Facts {
  // the connection
  /** `close()`, or an ending of the session's own. Null: how it ends is already recorded. */
  close: { readonly ending: Ending | null };
  /** The socket is gone. */
  gone: { readonly code: number | null; readonly reason: string };
  /** The live line has ended, or is of no use: by whose doing. */
  'line-lost': {
    readonly code: number | null;
    readonly reason: string;
    readonly by: 'the network' | 'the server' | 'us';
  };
  /** The live line is live no more: lost, and another is to take its place; or moved away from, in the step in which one does. */
  dropped: { readonly code: number | null; readonly reason: string; readonly how: 'lost' | 'moved' };
  /** No line has been live for a while. */
  'meanwhile-due': Bare;
  /** The control line of a call is lost, and dialled again: the call goes on at the server. */
  parted: { readonly code: number | null; readonly reason: string };
  /** It is time to dial the next line. */
  'redial-due': Bare;
  /** The server greeted on the next line. */
  'line-greeted': Bare;
  /** It confirmed the last confirmed configuration there. */
  'line-configured': Bare;
  /** The same, and the program is asked what is told there. */
  'history-wanted': Bare;
  /** The program has said what is told, or has not in time. */
  'history-given': Bare;
  /** What it was told has arrived: it can take over. */
  'line-ready': Bare;
  /** It is told what has been said since, or asked whether it lives. */
  retold: Bare;
  /** Another configuration has been confirmed since: it is asked for there as well. */
  reconfigured: Bare;
  /** The next line came to nothing: refused, lost, too late, or not what was asked for. */
  'restore-failed': Bare;
  /** The next line is live from here. `session`: as the server described it there. */
  'taken-over': { readonly line: number; readonly session: Json; readonly after: 'a loss' | 'a rotation' };

  // the rotation
  /** The server will end the live line: it is time to make the next one ready beside it. */
  'rotation-due': { readonly latestMs: number };
  /** The server will end the live line, and none takes its place before. */
  'expiry-near': Bare;
  /** No line can be made ready beside the live one, and it is (`later`) or is not tried again. */
  'rotation-failed': { readonly why: string; readonly again: 'later' | 'never' };
  /** The server takes no second line as long as the first is open. */
  'refused-beside': Bare;
  /** Nothing is being said, heard or done any more that a change of the line would disturb; or something is. */
  'fell-quiet': Bare;
  stirred: Bare;
  /** The line that was live is heard no more, and shut a little later. */
  retired: { readonly line: number };
  'retired-over': Bare;
  /** The transcript of a turn that had been taken on an earlier line. */
  'transcribed-late': Bare;
  /** It took over in the step in which the live line was left: what was appended last has gone to both. */
  'handed-over': Bare;
  /** A create that was out was lost with its line. */
  'create-lost': { readonly request: Request };

  // the configuration
  'update-sent': Bare;
  /** Before the first confirmation: the update was refused, mismatched, overdue or abandoned. */
  'update-failed': Bare;
  /** It is unknown whether the update in flight is in force, so an update that changes nothing asks. */
  'update-doubted': Bare;
  /** The last confirmed configuration is sent again. */
  'restore-sent': Bare;
  'echo-matches': { readonly update: Update | null };
  /** An update was aborted before it was sent. */
  'update-aborted': { readonly update: number };
  /** An update failed, and its caller has been told. */
  'update-rejected': { readonly update: number };
  /** The server described the session, in `session.created` or `session.updated`. */
  'session-told': { readonly session: Json };

  // the user
  'speech-started': Bare;
  'speech-stopped': Bare;
  /** The server committed the item of the current turn. */
  'turn-committed': Bare;
  'input-cleared': Bare;
  'detection-off': Bare;
  'voice-overdue': Bare;
  /** `userTurn('begins')` and `userTurn('ends')`. */
  'turn-begins': Bare;
  'turn-ends': Bare;
  'button-overdue': Bare;
  /** The user has taken a turn, by the first signal that says so. */
  'turn-taken': Bare;
  'transcript-awaited': Bare;
  transcribed: Bare;
  /** The words of a turn are known. */
  'turn-in-words': { readonly item: string };
  'transcript-overdue': Bare;

  // the user's audio
  /** Audio is kept for the next line. */
  'audio-kept': Bare;
  /** The line that was given what had been kept has heard no speech in it. */
  'audio-overdue': Bare;

  // what the server does by itself
  /** The server ended a turn, and automatic responses are on. */
  'answer-triggered': Bare;
  /** The server committed that turn. */
  'answer-due': Bare;
  /** The server created a default response without one of our tokens. */
  'answer-created': { readonly response: OpenResponse };
  'answer-overdue': Bare;
  /** A control line has taken over: whether a response is open at the server is not known. */
  'slot-untold': Bare;
  /** The last open default response has ended. */
  'slot-freed': Bare;
  /** The slot is taken, and the server did not name the response that holds it. */
  'conflict-unnamed': Bare;

  // what is sent
  /** An event sent by hand, or an item of the session's own. */
  sent: { readonly event: ClientEvent };
  /** The server committed what we asked it to commit. */
  'own-commit': { readonly commit: Unadded; readonly item: string | null };
  /** What was appended is in the conversation: by a commit of ours, or (null) by the server's own. */
  'audio-committed': { readonly commit: Unadded | null; readonly item: string | null };

  // our creates
  admitted: Bare;
  /** The server created the response that a request asked for. */
  created: { readonly request: Request; readonly response: OpenResponse; readonly token: string };
  /** The server created the response of a request that had been given up. */
  'created-late': { readonly request: Request; readonly response: OpenResponse; readonly token: string };
  /** The server refused a create because the slot was taken. */
  conflict: { readonly request: Request; readonly refusal: Refusal };
  /** The server refused a create for any other reason. */
  refused: { readonly request: Request; readonly refusal: Refusal };
  'create-overdue': { readonly request: Request };
  merged: Bare;
  settled: Bare;
  /** A request was settled without a response. */
  unsent: { readonly request: Request; readonly by: string; readonly refusal: Refusal | null };

  /** A request was cancelled, and so is whatever answers it. */
  'request-cancelled': { readonly request: number };

  // money
  /** A create was written. */
  'create-written': Bare;
  /** A response or a transcription was charged; null: its price is unknown. */
  charged: { readonly nanoUsd: number | null };
  /** What was in flight on a lost line has been taken for spent. */
  'lost-charged': Bare;
  /** Spending reached the warning threshold. */
  'budget-low': Bare;
  /** No further response fits the budget. */
  'budget-spent': Bare;
  /** The limit was raised, so there is money again. */
  'budget-raised': Bare;
  /** The server must stop, or resume, answering by itself. */
  'answers-wanted': { readonly how: 'no more' | 'again' };
  /** Money must be set aside from a shared budget. */
  'lease-asked': Bare;
  'lease-granted': Bare;
  /** The store had no money, failed, or did not answer in time. */
  'lease-refused': Bare;

  // responses
  'response-cancelled': { readonly id: string };
  /** A response exists that was cancelled before it did. */
  'response-unwanted': { readonly response: OpenResponse };
  /** An interrupting request now waits only for the slot. */
  'slot-wanted': Bare;
  /** The first item of a response has arrived. */
  'answer-begun': { readonly response: OpenResponse };
  superseded: Bare;
  /** A conflict named this response as the one that holds the slot. */
  named: { readonly id: string };
  /** The `created` arrived of a response that had been named or superseded before. */
  reclaimed: Bare;
  ended: Bare;
  'response-overdue': Bare;
  /** A response has ended, in whatever way. */
  over: { readonly response: OpenResponse; readonly outcome: Ended };

  // playback
  /** The first audio after a silence. */
  playing: Bare;
  'server-playing': Bare;
  /** Everything that was produced has been heard. */
  drained: Bare;
  /** Playback was cut off. */
  cut: Bare;
  /** `interrupt()`. */
  interrupted: Bare;
  /** Playback must end: something else will be said, or the user has the floor. */
  'silence-wanted': Bare;
  /** How much of a response was heard, after it ended. */
  heard: { readonly id: string; readonly how: 'heard' | 'cut' | 'none' };

  // tools
  /** A hosted call waits for approval, or has been approved. */
  'approval-asked': Bare;
  'call-approved': Bare;
  'call-returned': Bare;
  'call-overdue': Bare;
  'call-answered-by-hand': Bare;
  /** A hosted call ended, and will not run. */
  'call-ended': Bare;
  'call-abandoned': Bare;
  /** A call has its output or its failure, or its response has ended. */
  'call-settled': Bare;
  'output-refused': { readonly call: Call; readonly refusal: Refusal };
  'output-void': Bare;
  'round-ended': Bare;
  'round-concluded': Bare;
  /** All calls of a round were lost with their line. */
  'round-lost': Bare;
  /** A chain of tools ended without speech. */
  'went-silent': { readonly request: Request | null };

  // the hang-up
  'hangup-wanted': { readonly asked: HangUpAsk };
  /** The server must not answer or interrupt by itself until the hang-up is over. */
  'quiet-wanted': { readonly timeoutMs: number };
  'quiet-over': { readonly detection: Json };
  /** How the session will end, whoever closes it. */
  'ends-as': { readonly ending: Ending };
  'leg-failed': { readonly how: 'failed' | 'unanswered' };
  hangup: Bare;
  'farewell-wanted': { readonly hangUp: HangUp };
  'farewell-over': { readonly how: 'heard' | 'cut' | 'failed' | 'none' };
  'hangup-resumed': Bare;
  'leg-ending': Bare;
  'leg-ended': Bare;

  // recovery
  'backoff-over': Bare;
  'attempt-over': Bare;
  'called-off': Bare;
  'retry-called-off': { readonly request: number };

  // the line
  /** Nothing has arrived for too long: an update that changes nothing checks whether the peer is alive. */
  'probe-wanted': Bare;
  'line-silent': Bare;
  'line-heard': Bare;
  'backlog-over': Bare;
  'backlog-under': Bare;

  // errors
  /** The server refused one of our updates: the one in flight, an abandoned one, or one of the session's own. */
  'update-refused': { readonly refusal: Refusal };
  /** An error that names no event, and may be about the update in flight. */
  'update-suspected': { readonly update: InFlight; readonly refusal: Refusal };
  'item-refused': { readonly refusal: Refusal };
  /** The session has reached its maximum age. */
  expired: { readonly refusal: Refusal };
  /** The server reported an error that is about no request, update or item of ours. */
  complained: { readonly refusal: Refusal };
}

/** The payload of a fact that carries nothing. */
export type Bare = unknown;

export type FactName = keyof Facts;
/** The names of facts that carry nothing. */
export type BareName = { [Name in FactName]: unknown extends Facts[Name] ? Name : never }[FactName];
/** A fact that was posted: its name, and what it carries. */
export interface Fact {
  readonly is: FactName;
  readonly data: unknown;
}
