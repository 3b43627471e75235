/** Every control character (C0, DEL, C1), every control of the writing direction, and the two that Unicode ends lines with. */
const CONTROLS = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu;

/** Text from outside, made safe to print: what could command a terminal or forge a line is shown as its code, `\u001b`. */
export const printable = (text: string): string =>
  text.replace(CONTROLS, (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`);
