import { readFile } from 'node:fs/promises';
import type { CallRecord } from './format.js';
import { parseRecord } from './parse.js';
import { pathOfPart } from './parts.js';

/**
 * Reads a record out of a file, and of a record that was rotated out of all its files: give the first. Rejects with
 * `RecordError` for what is no record, and with Node's error for a file that cannot be read.
 *
 * @example
 * ```ts
 * const { steps, differences } = replay(await readRecord('call.jsonl'));
 * ```
 */
export async function readRecord(path: string): Promise<CallRecord> {
  const texts = [await readFile(path, 'utf8')];
  for (let next = await partOf(path, 2); next !== null; next = await partOf(path, texts.length + 1)) texts.push(next);
  return parseRecord(...withoutOthers(texts));
}

async function partOf(path: string, part: number): Promise<string | null> {
  try {
    return await readFile(pathOfPart(path, part), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Drops parts without a line: the process was killed right after creating them. */
function withoutOthers(texts: readonly string[]): readonly string[] {
  const last = texts.at(-1);
  return texts.length > 1 && last !== undefined && !last.includes('\n') ? texts.slice(0, -1) : texts;
}
