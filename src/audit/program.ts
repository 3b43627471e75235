import type { Node } from '../detector/index.js';
import type { Language } from './languages.js';
import type { Parsers } from './parsers.js';
import { UnreadableError } from './report.js';
import { dialectOf, parseScript } from './script.js';

export interface Source {
  readonly language: Language;
  readonly path: string;
  readonly text: string;
  readonly parsers: Parsers;
}

/**
 * Reads a file as one program, whichever language it is written in.
 *
 * @throws {UnreadableError} Where it cannot be parsed.
 */
export async function programOf({ language, path, text, parsers }: Source): Promise<Node> {
  const found = await parsers.forFile(language, path);
  switch (language) {
    case 'script':
      return parseScript(found, text, dialectOf(path));
    default:
      throw new UnreadableError('not yet');
  }
}
