import { styleText } from 'node:util';

/** All control characters (C0, DEL, C1), bidirectional controls, and Unicode's two line separators. */
const CONTROLS = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu;

/**
 * Makes outside text safe to print: characters that could control a terminal, forge a line or reverse the text are
 * shown as codes, `\u001b`. Inside a line of JSON, the result is the same string.
 */
export const printable = (text: string): string =>
  text.replace(CONTROLS, (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`);

export type Tint = 'green' | 'yellow' | 'cyan' | 'red';

/**
 * Prints one line. All output of the examples goes through here, or through `complain`. Coloured where the terminal
 * supports it, unless NO_COLOR is set.
 */
export const print = (line: string, tint?: Tint): void =>
  console.log(tint && showsColours(process.stdout) ? styleText(tint, printable(line)) : printable(line));

const showsColours = (stream: NodeJS.WriteStream): boolean => stream.isTTY && stream.hasColors();

/** Prints one line to stderr. */
export const complain = (line: string): void => console.error(printable(line));

/** Prints why the program cannot go on, with the stack of an unexpected error. Sets the exit code to 1. */
export function fail(error: unknown): void {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  for (const line of text.split('\n')) complain(line);
  process.exitCode = 1;
}
