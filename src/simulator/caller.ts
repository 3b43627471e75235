import type { Happening } from './drive.js';
import type { Utterance } from './server/index.js';

export type SpeakOptions = Partial<Omit<Utterance, 'says'>>;

/** Somebody on the phone. */
export interface Caller {
  /**
   * Says it: speech is noticed at once (`afterMs` later, if given) and silence `ms` after that; by default 65 ms for
   * each character. While they still speak, it is said after that. The server's voice detection decides what follows;
   * where it is off, the client has to commit.
   */
  speaks(text: string, options?: SpeakOptions): void;
  /** Begins to speak, now. */
  begins(): void;
  /** Stops speaking, now. `text` is what the transcript will say. */
  ends(text?: string): void;
  /** Presses a key of the phone. */
  presses(key: string): void;
}

const msPerCharacter = 65;
const shortestMs = 300;

export const callerOn = (tell: (happening: Happening) => void): Caller => ({
  speaks(text, options = {}) {
    const ms = Math.max(shortestMs, text.length * msPerCharacter);
    tell({ type: 'caller', does: 'speaks', says: text, ms, ...options });
  },
  begins: () => tell({ type: 'caller', does: 'begins' }),
  ends: (text) => tell({ type: 'caller', does: 'ends', ...(text !== undefined && { says: text }) }),
  presses: (key) => tell({ type: 'caller', does: 'presses', key }),
});
