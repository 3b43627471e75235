import type { Ears, Gone } from '../../types/index.js';

export interface Listening extends Ears {
  readonly heard: readonly string[];
  readonly ends: readonly Gone[];
  /** Resolves once this many frames have arrived. */
  frames(count: number): Promise<readonly string[]>;
  /** Resolves once this frame has arrived. */
  hears(frame: string): Promise<true>;
  /** How many signs of life the peer has given. */
  readonly signs: number;
  /** Resolves once there are this many signs of life. */
  lives(count: number): Promise<true>;
  ended(): Promise<Gone>;
}

/** Handlers that record everything. */
export function listening(): Listening {
  const heard: string[] = [];
  const ends: Gone[] = [];
  let signs = 0;
  const checks = new Set<() => void>();
  const until = <Value>(look: () => Value | undefined): Promise<Value> =>
    new Promise((resolve) => {
      const check = (): void => {
        const value = look();
        if (value === undefined) return;
        checks.delete(check);
        resolve(value);
      };
      checks.add(check);
      check();
    });
  const changed = (): void => [...checks].forEach((check) => check());
  return {
    heard,
    ends,
    get signs() {
      return signs;
    },
    alive() {
      signs += 1;
      changed();
    },
    frame(frame) {
      heard.push(typeof frame === 'string' ? frame : new TextDecoder().decode(frame));
      changed();
    },
    gone(how) {
      ends.push(how);
      changed();
    },
    frames: (count) => until(() => (heard.length >= count ? heard : undefined)),
    hears: (frame) => until(() => heard.includes(frame) || undefined),
    lives: (count) => until(() => signs >= count || undefined),
    ended: () => until(() => ends[0]),
  };
}
