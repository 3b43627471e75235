import { readFile } from 'node:fs/promises';

/** The text of a file. Throws where it is not UTF-8: what cannot be read is not clean. */
export async function readText(file: string): Promise<string> {
  const bytes = await readFile(file);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Error('it is not UTF-8');
  }
}
