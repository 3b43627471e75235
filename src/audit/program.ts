import type { Node } from '../detector/index.js';
import type { Language } from './languages.js';
import type { Parsers } from './parsers.js';
import { parsePython } from './python/parse.js';
import { dialectOf, parseScript } from './script.js';
import { parseSvelte } from './svelte.js';
import { parseVue } from './vue.js';

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
    case 'vue':
      return parseVue(found, await parsers.forFile('script', path), text);
    case 'svelte':
      return parseSvelte(found, text);
    case 'python':
      return parsePython(found, text);
  }
}
