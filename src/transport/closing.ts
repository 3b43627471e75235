/** How long the other side may take to answer a close. */
export const CLOSE_WITHIN_MS = 3_000;

/** What a socket reports where no close frame came. */
export const NO_CLOSE_FRAME = 1006;

/** The reason of a line that was given up. */
export const NOT_IN_TIME = 'the connection did not close in time';

/** A close frame holds 123 bytes of reason. */
export function withinFrame(reason: string): string {
  let text = reason;
  while (new TextEncoder().encode(text).length > 123) text = text.slice(0, -1);
  return text;
}
