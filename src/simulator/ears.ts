import type { Happening } from './drive.js';
import type { Server } from './server/index.js';
import type { SpeechEdge, Vad, VadSettings } from './vad.js';
import { createVad, hear, hush } from './vad.js';

const eagernessMs: Readonly<Record<string, number>> = { low: 1500, auto: 700, medium: 700, high: 350 };

/** Listens to the audio that a client appends, and tells the server when speech begins and ends. */
export interface EnergyEars {
  /** Must be called with every text frame, after the server has received it. */
  readonly heard: (text: string) => void;
}

/**
 * Detects voice by loudness, with the session's threshold and silence duration. It cannot know the words, so it asks
 * `whatWasSaid` with the length of the speech in milliseconds.
 */
export function energyEars(
  server: Server,
  tell: (happening: Happening) => void,
  whatWasSaid: (ms: number) => string,
): EnergyEars {
  const vad = createVad();
  const report = (edge: SpeechEdge) => {
    if (edge.edge === 'begins') tell({ type: 'caller', does: 'begins', audioMs: edge.atMs });
    else {
      const ms = edge.lastedMs;
      tell({ type: 'caller', does: 'ends', audioMs: edge.atMs, ms, says: whatWasSaid(ms) });
    }
  };
  return {
    heard(text) {
      const audio = appendedIn(text);
      if (audio === null) forgetWhatServerForgot(server, vad);
      if (audio === null || !server.session) return;
      const settings = settingsOf(server);
      if (!settings) vad.positionMs = server.session.buffer.totalMs;
      else for (const edge of hear(vad, audio, settings)) report(edge);
    },
  };
}

function appendedIn(text: string): Uint8Array | null {
  if (!text.includes('input_audio_buffer.append')) return null;
  try {
    const event = JSON.parse(text) as { readonly type?: unknown; readonly audio?: unknown };
    const isAppend = event.type === 'input_audio_buffer.append' && typeof event.audio === 'string';
    return isAppend ? Buffer.from(event.audio, 'base64') : null;
  } catch {
    return null;
  }
}

/** Forgets a turn that the client has committed or cleared. */
function forgetWhatServerForgot(server: Server, vad: Vad): void {
  if (vad.speakingSince !== null && !server.session?.turn) hush(vad);
}

function settingsOf(server: Server): VadSettings | null {
  const input = server.session?.config.audio.input;
  const detection = input?.turn_detection;
  if (!input || !detection) return null;
  const { type = 'audio/pcm' } = input.format;
  const silence = detection['silence_duration_ms'];
  const { threshold = 0.5, eagerness = 'auto' } = detection;
  return {
    format: type === 'audio/pcmu' || type === 'audio/pcma' ? type : 'audio/pcm',
    threshold: Number(threshold),
    silenceMs:
      typeof silence === 'number' ? silence : typeof eagerness === 'string' ? (eagernessMs[eagerness] ?? 700) : 700,
  };
}
