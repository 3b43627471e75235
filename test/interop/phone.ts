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

export interface Log<Entry> {
  readonly entries: readonly Entry[];
  add(entry: Entry): void;
  /** Resolves with the `nth` entry that is so, however long ago it was. */
  until<Wanted extends Entry>(isWanted: (entry: Entry) => entry is Wanted, nth?: number): Promise<Wanted>;
}

/** Remembers everything, and lets one wait for more. */
export function log<Entry>(): Log<Entry> {
  const entries: Entry[] = [];
  const checks = new Set<() => void>();
  return {
    entries,
    add(entry) {
      entries.push(entry);
      for (const check of [...checks]) check();
    },
    until: <Wanted extends Entry>(isWanted: (entry: Entry) => entry is Wanted, nth = 1) =>
      new Promise<Wanted>((resolve) => {
        const check = (): void => {
          const found = entries.filter(isWanted)[nth - 1];
          if (found === undefined) return;
          checks.delete(check);
          resolve(found);
        };
        checks.add(check);
        check();
      }),
  };
}

/** The names, with those that follow each other at once and in any number told once. */
export function told(types: readonly string[]): readonly string[] {
  const counted = types.filter((type) => !type.endsWith('.delta') && type !== 'rate_limits.updated');
  return counted.filter((type, index) => type !== counted[index - 1]);
}
