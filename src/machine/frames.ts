import { readEcho } from './configuration.js';
import { noteSaid } from './conversation.js';
import { limitsRead } from './failures.js';
import { hostedEnded, hostedItemAdded } from './hosted-calls.js';
import { unaddedAdded } from './items.js';
import { started, stopped } from './playback.js';
import { at, isRecord, type ServerEvent, textOf } from './read.js';
import { readError } from './refusals.js';
import { nobodyWaits } from './request.js';
import { openResponse } from './response.js';
import { alive, created, done, firstItem, partAdded } from './responses.js';
import { readNext } from './restore.js';
import { cancelOnRetired, isRetired } from './rotation.js';
import { noteTranscription, noteUsage } from './spending.js';
import type { Session } from './state.js';
import { itemAdded, itemDone } from './tool-calls.js';
import { committed, speechStarted, speechStopped, transcribed, turnIsOver } from './user-turn.js';
import { post, type Work } from './work.js';

type Reader = (work: Work, event: ServerEvent) => void;

/** The reader of each type of frame. Any other frame only shows that its response is alive. */
const readers: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['session.created', sessionCreated],
  ['session.updated', readEcho],

  ['input_audio_buffer.speech_started', speechStarted],
  ['input_audio_buffer.speech_stopped', speechStopped],
  ['input_audio_buffer.timeout_triggered', turnIsOver],
  ['input_audio_buffer.committed', committed],
  ['input_audio_buffer.cleared', (work) => post(work, 'input-cleared')],
  ['conversation.item.input_audio_transcription.completed', transcript],
  ['conversation.item.input_audio_transcription.failed', transcribed],
  ['conversation.item.added', added],

  ['response.created', created],
  ['response.output_item.added', begun],
  ['response.output_item.done', called],
  ['response.content_part.added', partAdded],
  ['response.mcp_call.completed', hostedEnded],
  ['response.mcp_call.failed', hostedEnded],
  ['response.done', ended],
  ['output_audio_buffer.started', started],
  ['output_audio_buffer.stopped', stopped],
  ['output_audio_buffer.cleared', stopped],

  ['rate_limits.updated', limitsRead],
  ['error', readError],
]);

function sessionCreated(work: Work, event: ServerEvent): void {
  const session = event['session'];
  if (isRecord(session)) post(work, 'session-told', { session });
}

function added(work: Work, event: ServerEvent): void {
  unaddedAdded(work, event);
  itemAdded(work, event);
}

function begun(work: Work, event: ServerEvent): void {
  firstItem(work, event);
  hostedItemAdded(work, event);
}

function called(work: Work, event: ServerEvent): void {
  alive(work, event);
  itemDone(work, event);
}

function transcript(work: Work, event: ServerEvent): void {
  noteTranscription(work, event);
  transcribed(work, event);
}

function ended(work: Work, event: ServerEvent): void {
  noteUsage(work, event);
  done(work, event);
}

/** What still counts of a line that was live before: what it has cost, and the caller's words. Nobody hears what it says. */
const readersOfRetired: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['response.created', (work, event) => cancelOnRetired(work, textOf(at(event, 'response', 'id')) ?? '')],
  ['response.done', noteUsage],
  ['conversation.item.input_audio_transcription.completed', transcriptOnRetired],
]);

function transcriptOnRetired(work: Work, event: ServerEvent): void {
  noteTranscription(work, event);
  noteSaid(work.session, event);
  post(work, 'transcribed-late');
}

/** Reads a frame of a line that was live before, or of one that is not live yet. */
export function readBeside(work: Work, line: number, event: ServerEvent): void {
  if (isRetired(work.session, line)) readersOfRetired.get(event.type)?.(work, event);
  else readNext(work, line, event);
}

/** Reads a frame from the server. Whatever the frame contains, it can move only what the tables move. */
export function readFrame(work: Work, event: ServerEvent): void {
  const reader = readers.get(event.type) ?? alive;
  reader(work, event);
}

/** Whether a frame is only a part of an open response, or tells nothing: most frames are, and need no step. */
export function isProgress(session: Session, event: ServerEvent): boolean {
  if (readers.has(event.type)) return false;
  const id = event['response_id'];
  if (typeof id !== 'string') return nobodyWaits(session);
  const response = openResponse(session, id);
  if (!response) return false;
  response.lastAt = session.now;
  if (event.type === TRANSCRIPT) response.chars += textOf(event['delta'])?.length ?? 0;
  return true;
}

const TRANSCRIPT = 'response.output_audio_transcript.delta';
