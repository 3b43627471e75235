import { emit, schedule } from './agenda.js';
import { newMediaEventId } from './ids.js';
import { itemById, truncateTo } from './items.js';
import { newEvent } from './events.js';
import type { ActiveResponse, OutputItem, Server, Session } from './state.js';
import type { ServerFrame } from './wire.js';

const heardInStepsOfMs = 20;

/** Notes that an answer's audio begins to play. On a call, the server knows and announces it. */
export function beginPlayback(server: Server, session: Session, response: ActiveResponse, item: OutputItem): void {
  if (session.playing?.response === response.id) {
    session.playing = { ...session.playing, item: item.id };
    return;
  }
  session.playing = { response: response.id, item: item.id, startedAt: server.now };
  if (server.options.media === 'webrtc') emit(server, bufferEvent(server, 'started', response.id));
}

/** How much of a response that has just ended is still to be heard. On a call, the end of playing is announced then. */
export function playbackLeftMs(server: Server, session: Session, response: ActiveResponse): number {
  if (session.playing?.response !== response.id) return 0;
  const total = response.output.reduce((sum, item) => sum + item.audioMs, 0);
  const left = Math.max(0, session.playing.startedAt + total - server.now);
  if (server.options.media === 'websocket') session.playing = null;
  else
    schedule(server, Math.max(left, server.options.latency.rateLimits), { do: 'playback-ends', response: response.id });
  return left;
}

export function endPlayback(server: Server, session: Session, response: string): void {
  if (session.playing?.response !== response) return;
  session.playing = null;
  emit(server, bufferEvent(server, 'stopped', response));
}

/**
 * Discards the audio not yet heard, and cuts the item to what was heard. Returns the two events separately, because
 * others may come between them. On a WebSocket the server does not know what was heard, and does nothing.
 */
export function clearPlayback(
  server: Server,
  session: Session,
): { readonly cleared: ServerFrame; truncated(): ServerFrame } | null {
  const { playing } = session;
  if (server.options.media === 'websocket' || !playing) return null;
  session.playing = null;
  const cleared = bufferEvent(server, 'cleared', playing.response);
  return { cleared, truncated: () => truncateToHeard(server, session, playing.item, server.now - playing.startedAt) };
}

function truncateToHeard(server: Server, session: Session, id: string, heardMs: number): ServerFrame {
  const item = itemById(session, id);
  const within = Math.min(heardMs, item?.audioMs ?? 0);
  const audio_end_ms = Math.floor(within / heardInStepsOfMs) * heardInStepsOfMs;
  if (item) truncateTo(item, audio_end_ms);
  return newEvent(server, 'conversation.item.truncated', { item_id: id, content_index: 0, audio_end_ms });
}

const bufferEvent = (server: Server, what: 'started' | 'stopped' | 'cleared', response: string): ServerFrame => ({
  type: `output_audio_buffer.${what}`,
  event_id: newMediaEventId(server),
  response_id: response,
});
