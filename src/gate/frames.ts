import { noteDetection, readEcho } from './confirmation.js';
import { noteAdded } from './marks.js';
import { at, isRecord, textOf, type Json } from './read.js';
import { alive, created, done, firstItem, refused } from './slot.js';
import type { Gate, ServerEvent } from './state.js';
import { committed, speechStarted, speechStopped, transcribed, turnIsOver } from './turns.js';
import { move, type Work } from './work.js';

type Reader = (work: Work, event: ServerEvent) => void;

/** Who reads which frame. What is not here tells nothing, but that its response is alive. */
const readers: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['session.created', (work, event) => noteDetection(work, recordIn(event, 'session'))],
  ['session.updated', (work, event) => readEcho(work, recordIn(event, 'session'))],

  ['input_audio_buffer.speech_started', speechStarted],
  ['input_audio_buffer.speech_stopped', speechStopped],
  ['input_audio_buffer.timeout_triggered', turnIsOver],
  ['input_audio_buffer.committed', committed],
  ['input_audio_buffer.cleared', (work) => move(work.gate, 'input-cleared')],
  ['conversation.item.input_audio_transcription.completed', transcribed],
  ['conversation.item.input_audio_transcription.failed', transcribed],
  ['conversation.item.added', (work, event) => noteAdded(work.gate, textOf(at(event, 'item', 'id')))],

  ['response.created', created],
  ['response.output_item.added', firstItem],
  ['response.done', done],
  ['error', refused],
]);

/** A frame from the server. Whatever is in it, it moves only what the table moves. */
export function readFrame(work: Work, event: ServerEvent): void {
  const reader = readers.get(event.type) ?? alive;
  reader(work, event);
}

/** Most of the traffic: a part of a response that is open, or what tells nothing to anybody. It needs no step. */
export function isProgress(gate: Gate, event: ServerEvent): boolean {
  if (readers.has(event.type)) return false;
  const id = event['response_id'];
  if (typeof id !== 'string') return gate.queue.length === 0;
  const response = gate.responses.get(id);
  if (response) response.lastAt = gate.now;
  return response !== undefined;
}

const recordIn = (event: ServerEvent, key: string): Json => {
  const value = event[key];
  return isRecord(value) ? value : {};
};
