import type { Node } from '../detector/index.js';
import type { Language } from './languages.js';
import type { Parsers } from './parsers.js';
import type { UnreadableError } from './report.js';
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

/** A file that has been read, at least in part. */
export interface Program {
  readonly root: Node;
  /** The first part of the file that could not be read; null: all of it was. */
  readonly gap: UnreadableError | null;
}

/**
 * Reads a file as one program, whichever language it is written in.
 *
 * @throws {UnreadableError} Where it cannot be parsed.
 */
export async function programOf({ language, path, text, parsers }: Source): Promise<Program> {
  const found = await parsers.forFile(language, path);
  switch (language) {
    case 'script':
      return whole(parseScript(found, text, dialectOf(path)));
    case 'vue':
      return parseVue(found, await parsers.forFile('script', path), text);
    case 'svelte':
      return whole(parseSvelte(found, text));
    case 'python':
      return whole(parsePython(found, text));
  }
}

const whole = (root: Node): Program => ({ root, gap: null });
