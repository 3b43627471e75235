/** How long the peer may take to answer a close. */
export const CLOSE_WITHIN_MS = 3_000;

/** The code that a socket reports when no close frame came. */
export const NO_CLOSE_FRAME = 1006;

/** The reason given for a line that did not close within its deadline. */
export const NOT_IN_TIME = 'the connection did not close in time';

/** Cuts a close reason to the 123 bytes that a close frame holds. */
export function withinFrame(reason: string): string {
  let text = reason;
  while (new TextEncoder().encode(text).length > 123) text = text.slice(0, -1);
  return text;
}
