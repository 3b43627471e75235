import { emit, schedule } from './agenda.js';
import { newEvent } from './events.js';
import { newId, newPadding } from './ids.js';
import type { Utterance } from './input.js';
import { itemById } from './items.js';
import { isTranscriptionModel, transcriptionModels } from './models.js';
import { heardTokens, piecesOfText } from './tokens.js';
import type { FinishedTranscript, Server, Session } from './state.js';
import type { JsonObject } from './wire.js';
import { isArray, isObject, textOr } from './wire.js';

const longestHoldMs = 10_000;
const eventName = 'conversation.item.input_audio_transcription';

/** Starts a transcription. It takes its time, and nothing waits for it. */
export function transcribe(
  server: Server,
  session: Session,
  item: string,
  { says, ms, transcript, transcriptionFails }: Utterance,
  startedAt = server.now,
): void {
  const kept = itemById(session, item);
  if (kept) kept.said = says;
  const { transcription } = session.config.audio.input;
  if (transcription === null) return;
  const model = textOr(transcription['model'], '');
  const delay = server.faults.transcriptionDelay ?? server.options.latency.transcription;
  const code = transcriptionFails ?? (isUnheardOf(server, model) ? 'DeploymentNotFound' : undefined);
  if (code !== undefined) {
    schedule(server, delay, { do: 'transcript-failed', item, code });
    return;
  }
  const tokens = transcript ? [] : piecesOfText(says);
  for (const [index, text] of tokens.entries()) {
    schedule(server, (delay * (index + 1)) / (tokens.length + 1), { do: 'transcript-delta', item, text });
  }
  const doneIn = transcript ? startedAt + transcript.doneAt - server.now : delay;
  schedule(server, doneIn, { do: 'transcript-done', item, transcript: says, ms });
}

/** Whether a transcription fails because no deployment has this name: Azure finds out only now. */
const isUnheardOf = ({ faults }: Server, model: string): boolean =>
  faults.unknownTranscription === 'fails' && model !== '' && !isTranscriptionModel(model);

export function emitTranscriptDelta(server: Server, item: string, delta: string): void {
  const fields = { item_id: item, content_index: 0, delta, obfuscation: newPadding(server, delta) };
  emit(server, newEvent(server, `${eventName}.delta`, fields));
}

export function emitTranscriptFailed(server: Server, item: string, code: string): void {
  const error = {
    type: 'transcription_error',
    code,
    message: `Input transcription failed for item '${item}'.`,
    param: null,
  };
  emit(server, newEvent(server, `${eventName}.failed`, { item_id: item, content_index: 0, error }));
}

/** Finishes a transcript, which may be held back until the next one is sent. */
export function finishTranscript(server: Server, session: Session, finished: FinishedTranscript): void {
  session.transcriptCount += 1;
  const { heldTranscript: held } = session;
  if (server.faults.transcriptionReorder && !held) {
    session.heldTranscript = finished;
    schedule(server, longestHoldMs, { do: 'release-transcript', item: finished.item });
    return;
  }
  emitTranscript(server, session, finished);
  if (held) releaseTranscript(server, session, held);
}

/** Sends a transcript that was held back, unless it has been sent already. */
export function releaseTranscript(server: Server, session: Session, { item }: { readonly item: string }): void {
  const { heldTranscript: held } = session;
  if (held?.item !== item) return;
  session.heldTranscript = null;
  emitTranscript(server, session, held);
}

function emitTranscript(server: Server, session: Session, { item, transcript, ms }: FinishedTranscript): void {
  const kept = itemById(session, item);
  if (kept) kept.wire = withTranscript(kept.wire, transcript);
  const model = textOr(session.config.audio.input.transcription?.['model'], '');
  if (transcriptionModels[model]?.speakers === 'told') emitSegment(server, item, transcript, ms);
  const fields = { item_id: item, content_index: 0, transcript, usage: usageOf(model, transcript, ms) };
  emit(server, newEvent(server, `${eventName}.completed`, fields));
}

/** Sends the whole text as one speaker's segment. */
function emitSegment(server: Server, item_id: string, text: string, ms: number): void {
  const segment = { id: newId(server, 'seg'), item_id, content_index: 0, speaker: 'A', start: 0, end: ms / 1000, text };
  emit(server, newEvent(server, `${eventName}.segment`, segment));
}

function withTranscript(wire: JsonObject, transcript: string): JsonObject {
  const content = isArray(wire['content']) ? wire['content'] : [];
  return { ...wire, content: content.map((part) => (isObject(part) ? { ...part, transcript } : part)) };
}

/**
 * The usage of a transcription. Recorded by duration: 2668 and 2796 ms count as 3 seconds. By tokens: 26 of audio for
 * 2668 ms, 9 of output for 7 of text.
 */
function usageOf(model: string, transcript: string, ms: number): JsonObject {
  if (transcriptionModels[model]?.paid === 'duration') return { type: 'duration', seconds: Math.ceil(ms / 1000) };
  const output_tokens = piecesOfText(transcript).length + 2;
  const audio_tokens = heardTokens(ms);
  return {
    type: 'tokens',
    total_tokens: audio_tokens + output_tokens,
    input_tokens: audio_tokens,
    input_token_details: { text_tokens: 0, audio_tokens },
    output_tokens,
  };
}
