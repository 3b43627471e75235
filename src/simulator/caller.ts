import type { Happening } from './drive.js';
import type { Utterance } from './server/index.js';
import { checked } from './option-check.js';
import { speech } from './server/option-rules.js';

export type SpeakOptions = Partial<Omit<Utterance, 'says'>>;

/** The simulated person on the phone. */
export interface Caller {
  /**
   * Says something: speech is detected at once (or `afterMs` later) and silence `ms` after that; by default 65 ms per
   * character. While the caller still speaks, the new text is said afterwards. The server's voice detection decides
   * what follows; where it is off, the client must commit.
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
    tell({ type: 'caller', does: 'speaks', says: text, ms, ...checked('caller.speaks()', speech, options) });
  },
  begins: () => tell({ type: 'caller', does: 'begins' }),
  ends: (text) => tell({ type: 'caller', does: 'ends', ...(text !== undefined && { says: text }) }),
  presses: (key) => tell({ type: 'caller', does: 'presses', key }),
});
