import { onTestFinished } from 'vitest';
import type { ListenOptions, SimulatedSocket } from '../../src/simulator/index.js';
import { listen } from '../../src/simulator/index.js';
import { audioOf } from '../../src/simulator/server/tone.js';

/** No test here waits longer than that, in milliseconds. */
export const patience = 5_000;

/** A server of its own for this test, living four times as fast. */
export async function serve(options: ListenOptions = {}): Promise<SimulatedSocket> {
  const server = await listen({ pace: 4, hears: () => 'Do you have any tulips?', ...options });
  onTestFinished(() => server.close());
  return server;
}

/** What a microphone hears: frames of 20 ms, 16-bit PCM at 24 kHz, in base64. */
export const frames = (ms: number, kind: 'tone' | 'silence'): readonly string[] =>
  Array.from({ length: ms / 20 }, () => audioOf('audio/pcm', 20, kind));

/** Somebody speaks for a second, and then is silent for another. */
export const aTurn = (): readonly string[] => [...frames(1000, 'tone'), ...frames(1000, 'silence')];

/** The names, with those that follow each other at once and in any number told once. */
export function told(types: readonly string[]): readonly string[] {
  const counted = types.filter((type) => !type.endsWith('.delta') && type !== 'rate_limits.updated');
  return counted.filter((type, index) => type !== counted[index - 1]);
}
