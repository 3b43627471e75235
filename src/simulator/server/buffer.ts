import { acknowledge, emit } from './agenda.js';
import type { Culprit } from './errors.js';
import { complain, refuse } from './errors.js';
import { newEvent } from './events.js';
import { newId } from './ids.js';
import { makeItem } from './items.js';
import { acknowledgeItem, announceAt, append, insert } from './place.js';
import type { Item, Server, Session } from './state.js';
import { bytesPerMs } from './tone.js';
import { transcribe } from './transcription.js';
import type { ClientFrame } from './wire.js';
import { textOr } from './wire.js';

const leastMs = 100;
const mostCharacters = 15 * 1024 * 1024;
const base64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** Handles `input_audio_buffer.append`, which is never acknowledged. */
export function appendAudio(server: Server, session: Session, event: ClientFrame, culprit: Culprit): void {
  const audio = textOr(event['audio'], '');
  if (audio.length > mostCharacters) {
    const message = `Invalid 'audio': string too long. Expected at most ${mostCharacters} characters.`;
    refuse(server, culprit, complain('string_above_max_length', message, 'audio'));
    return;
  }
  if (audio.length % 4 !== 0 || !base64.test(audio)) {
    const message = "Invalid 'audio'. Expected base64-encoded audio bytes, but got an invalid value.";
    refuse(server, culprit, complain('invalid_value', message, 'audio'));
    return;
  }
  const padding = audio.endsWith('==') ? 2 : audio.endsWith('=') ? 1 : 0;
  const ms = ((audio.length / 4) * 3 - padding) / bytesPerMs(session.config.audio.input.format['type']);
  session.buffer.ms += ms;
  session.buffer.totalMs += ms;
}

/** Handles `input_audio_buffer.commit`: creates an item, and no response. */
export function commitBuffer(server: Server, session: Session, culprit: Culprit): void {
  const ms = Math.max(session.buffer.ms, session.turn ? server.now - session.turn.startedAt + prefixMs(session) : 0);
  if (ms < leastMs) {
    const message = `Error committing input audio buffer: buffer too small. Expected at least ${leastMs}ms of audio, but buffer only has ${ms.toFixed(2)}ms of audio.`;
    refuse(server, culprit, complain('input_audio_buffer_commit_empty', message));
    return;
  }
  const id = session.turn?.itemId ?? newId(server, 'item');
  const said = session.buffer.said;
  session.turn = null;
  const item = audioItem(session, id, ms);
  insert(session, item);
  acknowledgeItem(server, session, item, 'committed');
  transcribe(server, session, id, { says: said ?? '', ms });
}

/** Handles `input_audio_buffer.clear`: forgets a turn that had begun. */
export function clearBuffer(server: Server, session: Session): void {
  session.buffer = { ...session.buffer, ms: 0, said: null };
  session.turn = null;
  const cleared = newEvent(server, 'input_audio_buffer.cleared', {});
  acknowledge(server, server.options.latency.acknowledge, [cleared]);
}

/** Makes an item of the buffer on the server's own initiative, and announces it. */
export function commitItem(server: Server, session: Session, id: string, ms: number): Item {
  const item = audioItem(session, id, ms);
  announceAt(server, item, 'committed', append(session, item));
  return item;
}

/** Makes an item of the buffered audio, and empties the buffer. */
function audioItem(session: Session, id: string, ms: number): Item {
  session.buffer = { ...session.buffer, ms: 0, said: null };
  const content = [{ type: 'input_audio', transcript: null }];
  return { ...makeItem(id, { type: 'message', role: 'user', content }), audioMs: ms };
}

export function prefixMs(session: Session): number {
  const padding = session.config.audio.input.turn_detection?.['prefix_padding_ms'];
  return typeof padding === 'number' ? padding : 300;
}

/** The position in the input audio: how much was appended, or, if nobody appends, the age of the session. */
export const audioClockMs = (server: Server, session: Session): number =>
  Math.max(Math.round(session.buffer.totalMs), server.now - session.startedAt);

/** The length of the detector's audio frames, in milliseconds. Recorded: 5792 of 5800 ms. */
const frameMs = 32;
/** Recorded: a window of 5120 ms for a requested 5000. The step is a guess that reproduces this. */
const windowStepMs = 128;

/**
 * Handles too long a silence: the server commits it as a turn of the user's, and answers it. It measures the appended
 * audio, or, on a call without any, the time. Returns the turn.
 */
export function emitIdleTurn(server: Server, session: Session, idleMs: number): Item {
  const id = newId(server, 'item');
  const heardMs = session.buffer.totalMs > 0 ? session.buffer.totalMs : server.now - session.startedAt;
  const audio_end_ms = Math.floor(heardMs / frameMs) * frameMs;
  const windowMs = Math.ceil(idleMs / windowStepMs) * windowStepMs;
  const audio_start_ms = Math.max(0, audio_end_ms - windowMs);
  emit(server, newEvent(server, 'input_audio_buffer.timeout_triggered', { audio_start_ms, audio_end_ms, item_id: id }));
  const hint = [{ type: 'input_text', text: 'The user has been silent. Say something brief to bring them back.' }];
  const hidden = makeItem(newId(server, 'item'), { type: 'message', role: 'system', content: hint });
  announceAt(server, hidden, 'created', append(session, hidden));
  return commitItem(server, session, id, audio_end_ms - audio_start_ms);
}
