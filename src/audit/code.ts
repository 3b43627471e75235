import { createHash } from 'node:crypto';

/** Removes what a formatter may change: comments, white space, kinds of quotes, trailing commas, semicolons. */
export function normalised(code: string): string {
  const bare = code
    .replace(/\/\*[^]*?\*\/|(?<=^|[\s;{}(,])\/\/[^\n\r]*|(?<=^|[\s([{,])#[^\n\r]*/g, '')
    .replace(/["`]/g, "'")
    .replace(/\s+/g, '')
    .replace(/,(?=[)\]}])/g, '')
    .replace(/;(?=\}|$)/g, '');
  return bare.length <= LONGEST ? bare : `${bare.slice(0, LONGEST)}…${digest(bare)}`;
}
const LONGEST = 160;

/** A short fingerprint of a text. */
export const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);
