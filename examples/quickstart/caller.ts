import { setTimeout as sleep } from 'node:timers/promises';
import OpenAI from 'openai';
import type { AnySession } from 'gated-realtime';

/** 16-bit PCM at 24 kHz. */
const BYTES_PER_MS = 48;
const FRAME_MS = 20;
const FRAME_BYTES = FRAME_MS * BYTES_PER_MS;

/** A microphone that is never silent: a frame every 20 ms, filled with silence where nothing is said. */
export function microphone(session: AnySession): { says(speech: Uint8Array): Promise<void>; hangsUp(): void } {
  let waiting = new Uint8Array();
  const timer = setInterval(() => {
    const frame = new Uint8Array(FRAME_BYTES);
    frame.set(waiting.subarray(0, FRAME_BYTES));
    waiting = waiting.subarray(FRAME_BYTES);
    session.appendAudio(frame);
  }, FRAME_MS);
  void session.closed.then(() => clearInterval(timer));
  return {
    async says(speech) {
      waiting = new Uint8Array(speech);
      await sleep(speech.length / BYTES_PER_MS);
    },
    hangsUp: () => clearInterval(timer),
  };
}

/** One second of humming as a simulated caller's voice, loud enough for the simulated server to detect. */
export function recordedSpeech(): Promise<Uint8Array> {
  const samples = new Int16Array(24_000);
  for (let index = 0; index < samples.length; index++) {
    const seconds = index / 24_000;
    const loudness = 8_000 * Math.sin(Math.PI * seconds) ** 0.2;
    samples[index] = loudness * Math.sin(2 * Math.PI * (180 + 40 * Math.sin(9 * seconds)) * seconds);
  }
  return Promise.resolve(new Uint8Array(samples.buffer));
}

/** A real caller's words, spoken by OpenAI's text to speech. */
export function spokenByOpenAI(apiKey: string): (text: string) => Promise<Uint8Array> {
  const client = new OpenAI({ apiKey });
  return async (text) => {
    const speech = await client.audio.speech.create({
      model: 'gpt-4o-mini-tts',
      voice: 'ash',
      input: text,
      response_format: 'pcm',
    });
    return new Uint8Array(await speech.arrayBuffer());
  };
}
