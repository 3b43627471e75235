/** All control characters (C0, DEL, C1), bidirectional controls, and Unicode's two line separators. */
const CONTROLS = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu;

/**
 * Makes outside text safe to print: characters that could control a terminal or forge a line are shown as codes,
 * `\u001b`.
 */
export const printable = (text: string): string =>
  text.replace(CONTROLS, (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`);
