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
 * What one small machine tells the others. A fact moves every dimension whose table names it, and is then heard by each
 * small machine, in the order of `machines.ts`.
 */
export interface Facts {
  // the connection
  /** `close()`, or an end of our own making. Null: how it ends has been said. */
  close: { readonly ending: Ending | null };
  /** The socket is gone. */
  gone: { readonly code: number | null; readonly reason: string };

  // the configuration
  'update-sent': Bare;
  /** Before anything was confirmed: refused, mismatched, overdue or abandoned. */
  'update-failed': Bare;
  /** Whether the update in flight stands is unknown: an update that changes nothing asks. */
  'update-doubted': Bare;
  /** The last confirmed configuration is sent once more. */
  'restore-sent': Bare;
  'echo-matches': { readonly update: Update | null };
  /** An update is not even sent. */
  'update-aborted': { readonly update: number };
  /** An update failed, and whoever asked for it has been told. */
  'update-rejected': { readonly update: number };
  /** The server described the session. */
  'session-told': { readonly session: Json };

  // the user
  'speech-started': Bare;
  'speech-stopped': Bare;
  /** The server committed the item of the turn that is under way. */
  'turn-committed': Bare;
  'input-cleared': Bare;
  'detection-off': Bare;
  'voice-overdue': Bare;
  /** `userTurn('begins')` and `userTurn('ends')`. */
  'turn-begins': Bare;
  'turn-ends': Bare;
  'button-overdue': Bare;
  /** Whichever said so first: the user has taken a turn. */
  'turn-taken': Bare;
  'transcript-awaited': Bare;
  transcribed: Bare;
  'transcript-overdue': Bare;

  // what the server does by itself
  /** The server ended a turn, and automatic responses are on. */
  'answer-triggered': Bare;
  /** The server committed that turn. */
  'answer-due': Bare;
  /** A default response without our token. */
  'answer-created': { readonly response: OpenResponse };
  'answer-overdue': Bare;
  /** The last open default response has ended. */
  'slot-freed': Bare;
  /** The slot is taken, and the server did not say by what. */
  'conflict-unnamed': Bare;

  // what is sent
  /** An event that the user sends by hand, or an item of the session's own. */
  sent: { readonly event: ClientEvent };
  /** The server committed what we asked it to commit. */
  'own-commit': { readonly commit: Unadded; readonly item: string | null };

  // our creates
  admitted: Bare;
  /** The server created the response that a request asked for. */
  created: { readonly request: Request; readonly response: OpenResponse; readonly token: string };
  /** The same of a request that had been given up. */
  'created-late': { readonly request: Request; readonly response: OpenResponse; readonly token: string };
  /** The server refused a create because the slot was taken. */
  conflict: { readonly request: Request; readonly refusal: Refusal };
  /** The server refused a create for any other reason. */
  refused: { readonly request: Request; readonly refusal: Refusal };
  'create-overdue': { readonly request: Request };
  merged: Bare;
  settled: Bare;
  /** A request came to nothing. */
  unsent: { readonly request: Request; readonly by: string; readonly refusal: Refusal | null };

  /** A request, and whatever answers it, is not wanted any more. */
  'request-cancelled': { readonly request: number };

  // money
  /** A create was written. */
  'create-written': Bare;
  /** A response or a transcription was used; null: its price is not known. */
  charged: { readonly nanoUsd: number | null };
  /** So much has been spent that the operator is warned. */
  'budget-low': Bare;
  /** Nothing more fits. */
  'budget-spent': Bare;
  /** There is more to spend. */
  'budget-raised': Bare;
  /** The server is to answer no more by itself, or again. */
  'answers-wanted': { readonly how: 'no more' | 'again' };
  /** Money of a shared budget is to be set aside. */
  'lease-asked': Bare;
  'lease-granted': Bare;
  /** The store had none, failed, or has not answered. */
  'lease-refused': Bare;

  // responses
  'response-cancelled': { readonly id: string };
  /** A response that was cancelled before it existed. */
  'response-unwanted': { readonly response: OpenResponse };
  /** A request that interrupts waits for the slot alone. */
  'slot-wanted': Bare;
  /** The first item of a response. */
  'answer-begun': { readonly response: OpenResponse };
  superseded: Bare;
  /** A conflict named it as the one that holds the slot. */
  named: { readonly id: string };
  /** Its `created` was read although it had been named or superseded before. */
  reclaimed: Bare;
  ended: Bare;
  'response-overdue': Bare;
  /** A response has ended, however it did. */
  over: { readonly response: OpenResponse; readonly outcome: Ended };

  // playback
  /** The first audio of a stretch. */
  playing: Bare;
  'server-playing': Bare;
  /** All that was produced has been heard. */
  drained: Bare;
  /** Playback ended before its end. */
  cut: Bare;
  /** `interrupt()`. */
  interrupted: Bare;
  /** Playback is to end: something else is to be said, or the user has the floor. */
  'silence-wanted': Bare;
  /** How much of a response was heard, once it has ended. */
  heard: { readonly id: string; readonly how: 'heard' | 'cut' | 'none' };

  // tools
  /** A hosted call waits to be approved, or has been. */
  'approval-asked': Bare;
  'call-approved': Bare;
  'call-returned': Bare;
  'call-overdue': Bare;
  'call-answered-by-hand': Bare;
  /** A hosted call that will not run. */
  'call-ended': Bare;
  'call-abandoned': Bare;
  /** A call has come to something, or its response has ended. */
  'call-settled': Bare;
  'output-refused': { readonly call: Call; readonly refusal: Refusal };
  'output-void': Bare;
  'round-ended': Bare;
  'round-concluded': Bare;
  /** A chain of tools is over, and nothing was said at its end. */
  'went-silent': { readonly request: Request | null };

  // the hang-up
  'hangup-wanted': { readonly asked: HangUpAsk };
  /** The server is to answer and to interrupt no more; or as before. */
  'quiet-wanted': { readonly timeoutMs: number };
  'quiet-over': { readonly detection: Json };
  /** How the session will end, whatever closes it. */
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
  /** Nothing has arrived for long: an update that changes nothing asks whether anybody is there. */
  'probe-wanted': Bare;
  'line-silent': Bare;
  'line-heard': Bare;
  'backlog-over': Bare;
  'backlog-under': Bare;

  // errors
  /** The server refused the update in flight, an update that was given up, or one of the session's own. */
  'update-refused': { readonly refusal: Refusal };
  /** An error that names nothing, and is the update's if it is anybody's. */
  'update-suspected': { readonly update: InFlight; readonly refusal: Refusal };
  'item-refused': { readonly refusal: Refusal };
  /** The session has reached its age. */
  expired: { readonly refusal: Refusal };
  /** The server complained of what is nobody's request, update or item. */
  complained: { readonly refusal: Refusal };
}

/** A fact that carries nothing. */
export type Bare = unknown;

export type FactName = keyof Facts;
/** Facts that carry nothing. */
export type BareName = { [Name in FactName]: unknown extends Facts[Name] ? Name : never }[FactName];
/** A fact by its name, with what it carries. */
export type Fact = { readonly [Name in FactName]: Facts[Name] & { readonly is: Name } }[FactName];
