import { onTestFinished } from 'vitest';
import type { ListenOptions, SimulatedSocket } from '../../src/simulator/index.js';
import { listen } from '../../src/simulator/index.js';
import { audioOf } from '../../src/simulator/server/tone.js';

/** The longest wait in these tests, in milliseconds. */
export const patience = 5_000;

/** A server for this test, at four times real speed. */
export async function serve(options: ListenOptions = {}): Promise<SimulatedSocket> {
  const server = await listen({ pace: 4, hears: () => 'Do you have any tulips?', ...options });
  onTestFinished(() => server.close());
  return server;
}

/** The output of a microphone: frames of 20 ms, 16-bit PCM at 24 kHz, in base64. */
export const frames = (ms: number, kind: 'tone' | 'silence'): readonly string[] =>
  Array.from({ length: ms / 20 }, () => audioOf('audio/pcm', 20, kind));

/** A second of speech, then a second of silence. */
export const aTurn = (): readonly string[] => [...frames(1000, 'tone'), ...frames(1000, 'silence')];

/** The names, with repetitions in a row reduced to one. */
export function told(types: readonly string[]): readonly string[] {
  const counted = types.filter((type) => !type.endsWith('.delta') && type !== 'rate_limits.updated');
  return counted.filter((type, index) => type !== counted[index - 1]);
}
