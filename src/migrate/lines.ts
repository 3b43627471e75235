import type { Edit } from './edits.js';

/** The start of the line. In the first line, it is after a byte order mark. */
export function lineStart(text: string, at: number): number {
  const start = at === 0 ? 0 : text.lastIndexOf('\n', at - 1) + 1;
  return start === 0 && text.startsWith('\uFEFF') ? 1 : start;
}

/** The end of the line, before its line break. */
export function lineEnd(text: string, at: number): number {
  const found = text.indexOf('\n', at);
  if (found < 0) return text.length;
  return text[found - 1] === '\r' && found > at ? found - 1 : found;
}

/** The line break that the file uses. */
export const breakOf = (text: string): string => (text.includes('\r\n') ? '\r\n' : '\n');

/** The text before a position in its line, if it is only white space; otherwise null. */
export function indentAt(text: string, at: number): string | null {
  const before = text.slice(lineStart(text, at), at);
  return /^[ \t]*$/.test(before) ? before : null;
}

/** Removes a statement: with its whole line if nothing else is on it, else alone. Comments stay. */
export function removal(text: string, [start, end]: readonly [number, number]): Edit {
  if (wouldJoin(text, start, end)) return { start, end, text: ';' };
  const rest = text.slice(end, lineEnd(text, end));
  if (indentAt(text, start) === null) return { start: start - spacesBefore(text, start), end, text: '' };
  if (rest.trim() !== '') return { start, end: end + (rest.length - rest.trimStart().length), text: '' };
  const next = text.indexOf('\n', end);
  return { start: lineStart(text, start), end: next < 0 ? text.length : next + 1, text: '' };
}

/** Whether removing a span would join the code before and after it, as with `done()` and `[1].map()`. */
const wouldJoin = (text: string, start: number, end: number): boolean =>
  /^(\s|\/\/.*|\/\*[^]*?\*\/)*[([`+\-*/.,]/.test(text.slice(end)) && !/[;{]\s*$/.test(text.slice(0, start));

const spacesBefore = (text: string, at: number): number => /[ \t]*$/.exec(text.slice(0, at))?.[0].length ?? 0;

/** Whether a text may contain a comment. When in doubt, true. */
export const mayHoldComment = (text: string): boolean => /\/[/*]/.test(text);
