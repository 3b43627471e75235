import { emit, schedule } from './agenda.js';
import { audioClockMs, commitItem, emitIdleTurn, prefixMs } from './buffer.js';
import { endCancelled, remove } from './end.js';
import { newEvent } from './events.js';
import { newId } from './ids.js';
import type { CallerDoes, Utterance } from './input.js';
import { clearPlayback } from './playback.js';
import { announceResponse, answerByItself, responseById } from './respond.js';
import type { ActiveResponse, Server, Session } from './state.js';
import { transcribe } from './transcription.js';

const pauseMs = 200;

/** Handles an action of the caller. Without voice detection, nothing notices speech. */
export function callerActs(server: Server, session: Session, caller: CallerDoes): void {
  if (caller.does === 'begins') beginSpeech(server, session, caller.audioMs ?? audioClockMs(server, session));
  else if (caller.does === 'speaks') planSpeech(server, session, caller);
  else if (caller.does === 'presses') pressKey(server, caller.key);
  else endSpeech(server, session, { says: caller.says ?? '', ms: caller.ms ?? -1 }, caller.audioMs);
}

/** Reports a key press, in the only event without an id. */
function pressKey(server: Server, key: string): void {
  const received_at = server.options.unixSecondsAtZero + Math.floor(server.now / 1000);
  emit(server, { type: 'input_audio_buffer.dtmf_event_received', event: key, received_at });
}

/** Schedules an utterance after the caller's earlier ones, so that they do not overlap. */
function planSpeech(server: Server, session: Session, utterance: Utterance): void {
  const wanted = server.now + (utterance.afterMs ?? 0);
  const startAt = session.callerBusyUntil > wanted ? session.callerBusyUntil + pauseMs : wanted;
  session.callerBusyUntil = startAt + utterance.ms;
  schedule(server, startAt - server.now, { do: 'speech-begins', utterance });
  schedule(server, startAt - server.now + utterance.ms, { do: 'speech-ends', utterance });
}

export function beginSpeech(server: Server, session: Session, audioMs: number, utterance?: Utterance): void {
  const detection = session.config.audio.input.turn_detection;
  if (!detection || session.turn) return;
  const audio_start_ms = Math.max(0, Math.round(audioMs) - prefixMs(session));
  const burst = detection.type === 'semantic_vad' ? Math.max(1, server.faults.semanticBurst) : 1;
  let item_id = '';
  for (let count = 0; count < burst; count += 1) {
    item_id = newId(server, 'item');
    emit(server, newEvent(server, 'input_audio_buffer.speech_started', { audio_start_ms, item_id }));
  }
  session.turn = { itemId: item_id, startedAt: server.now, audioStartMs: audio_start_ms };
  session.activity += 1;
  for (const { at, text } of utterance?.transcript?.deltas ?? []) {
    schedule(server, at, { do: 'transcript-delta', item: item_id, text });
  }
  if (detection.interrupt_response) bargeIn(server, session);
}

export function endSpeech(server: Server, session: Session, utterance: Utterance, audioMs?: number): void {
  const detection = session.config.audio.input.turn_detection;
  const { turn } = session;
  if (!detection) {
    speakUnheard(server, session, utterance);
    return;
  }
  if (!turn) return;
  const ms = utterance.ms < 0 ? server.now - turn.startedAt + prefixMs(session) : (utterance.audioMs ?? utterance.ms);
  const audio_end_ms = Math.round(audioMs ?? audioClockMs(server, session));
  session.turn = null;
  emit(server, newEvent(server, 'input_audio_buffer.speech_stopped', { audio_end_ms, item_id: turn.itemId }));
  commitItem(server, session, turn.itemId, ms);
  transcribe(server, session, turn.itemId, { ...utterance, ms }, turn.startedAt);
  if (detection.create_response) answerByItself(server, session, 'vad');
}

/**
 * Handles speech without voice detection: the client must commit. On a call the audio arrives by itself; otherwise the
 * client appends it.
 */
function speakUnheard(server: Server, session: Session, { says, ms }: Utterance): void {
  session.buffer.said = session.buffer.said === null ? says : `${session.buffer.said} ${says}`;
  if (server.options.media === 'webrtc') session.buffer.ms += Math.max(0, ms);
}

/** Handles the idle timeout: nobody spoke for too long after the last answer was heard. */
export function idleTimeout(server: Server, session: Session, activity: number): void {
  const idleMs = session.config.audio.input.turn_detection?.['idle_timeout_ms'];
  if (typeof idleMs !== 'number' || session.activity !== activity || session.turn || session.slot !== null) return;
  const item = emitIdleTurn(server, session, idleMs);
  answerByItself(server, session, 'idle');
  transcribe(server, session, item.id, { says: '', ms: item.audioMs });
}

/** Answers a turn that ended while the slot was taken. */
export function answerWaitingTurn(server: Server, session: Session): void {
  if (!session.turnWaits || session.slot !== null) return;
  session.turnWaits = false;
  answerByItself(server, session, 'vad');
}

/**
 * Handles speech over an answer. The effect depends on the answer's phase: nothing produced yet, being produced,
 * produced and its end not announced, or only still being heard.
 */
function bargeIn(server: Server, session: Session): void {
  const response = session.slot === null ? undefined : responseById(session, session.slot);
  if (response?.phase === 'accepted') {
    bargeInBeforeCreated(server, session, response);
    return;
  }
  const playback = clearPlayback(server, session);
  if (playback) emit(server, playback.cleared);
  if (response) endCancelled(server, session, response, 'turn_detected');
  if (playback) emit(server, playback.truncated());
}

function bargeInBeforeCreated(server: Server, session: Session, response: ActiveResponse): void {
  switch (server.faults.preCreated) {
    case 'runs':
      return;
    case 'swallow': {
      remove(server, session, response);
      return;
    }
    case 'createdThenDone':
      announceResponse(server, session, response.id);
      if (session.responses.includes(response)) endCancelled(server, session, response, 'turn_detected');
  }
}
