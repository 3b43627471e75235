/**
 * Forgets the hold, in a `switch`.
 *
 * Why: These are TypeScript's own words for every `switch`. `match()` names what is missing.
 */
import type { Verdict } from 'gated-realtime';

declare const verdict: Verdict;

// wrong:
export function say(given: Verdict): string {
  switch (given.kind) {
    case 'admit':
      return 'sent';
    case 'refuse':
      return given.message;
  }
}
