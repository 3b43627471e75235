import { styleText } from 'node:util';

/** Every control character (C0, DEL, C1), every control of the writing direction, and the two that Unicode ends lines with. */
const CONTROLS = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu;

/**
 * Text from outside, made safe to print: whatever could command a terminal, forge a line or turn the text around is
 * shown as its code, `\u001b`. Inside a line of JSON that is the same string again.
 */
export const printable = (text: string): string =>
  text.replace(CONTROLS, (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`);

export type Tint = 'green' | 'yellow' | 'cyan' | 'red';

/**
 * Prints one line. All that the examples print goes through here, or through `complain`. It is tinted where a terminal
 * shows colours and nobody has asked for none (NO_COLOR).
 */
export const print = (line: string, tint?: Tint): void =>
  console.log(tint && showsColours(process.stdout) ? styleText(tint, printable(line)) : printable(line));

const showsColours = (stream: NodeJS.WriteStream): boolean => stream.isTTY && stream.hasColors();

/** Prints one line to stderr. */
export const complain = (line: string): void => console.error(printable(line));

/** Says why the program cannot go on, with the stack for whoever has to find it. The exit code will be 1. */
export function fail(error: unknown): void {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  for (const line of text.split('\n')) complain(line);
  process.exitCode = 1;
}
