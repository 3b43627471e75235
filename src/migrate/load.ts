import { join, relative, resolve, sep } from 'node:path';
import {
  dialectOf,
  filesIn,
  findParsers,
  type Language,
  languageOf,
  languages,
  parseScript,
  readText,
} from '../audit/index.js';
import { mayHoldAny, type Node } from '../detector/index.js';
import type { Source } from './source.js';

/** What was found under some paths. */
export interface Loaded {
  readonly sources: readonly Source[];
  /** Files of languages that are not rewritten, and the lines that name the event: the audit tells more. */
  readonly others: readonly Other[];
  readonly unread: readonly Unread[];
}
export interface Other {
  readonly path: string;
  /** Python, Vue, Svelte. */
  readonly language: string;
  readonly lines: readonly number[];
}
export interface Unread {
  readonly path: string;
  readonly why: string;
}

/** Turns a text into a tree; throws where it cannot. */
export type Parse = (path: string, text: string) => Node;

/** Reads what the audit reads too, but what is built. */
export async function load(paths: readonly string[], cwd: string, parse: Parse): Promise<Loaded> {
  const { files, unknown } = await filesIn({ cwd, paths, tests: 'with' });
  const unread: Unread[] = unknown.map((path) => ({ path, why: 'there is no such file or folder' }));
  const sources: Source[] = [];
  const others: Other[] = [];
  for (const path of files) {
    const language = languageOf(path);
    if (language === null || isBuilt(path, paths, cwd)) continue;
    const text = await textOf(resolve(cwd, path));
    if (typeof text !== 'string') unread.push({ path, why: text.why });
    else if (language !== 'script') others.push(...otherIn(path, language, text));
    else if (mayHoldAny(text)) addTo(sources, unread, { path, text }, parse);
  }
  return { sources, others, unread };
}

/** It stands in a folder of what is built or installed, and none of the paths names it, or anything in there. */
function isBuilt(file: string, paths: readonly string[], cwd: string): boolean {
  return paths.every((path) => {
    const within = relative(resolve(cwd, path), resolve(cwd, file)).split(sep);
    return within[0] === '..' || within.some((part) => built.has(part));
  });
}
const built: ReadonlySet<string> = new Set(['node_modules', 'dist', 'build', 'coverage']);

function addTo(sources: Source[], unread: Unread[], file: Omit<Source, 'program'>, parse: Parse): void {
  try {
    sources.push({ ...file, program: parse(file.path, file.text) });
  } catch (error) {
    unread.push({ path: file.path, why: (error as Error).message.split('\n')[0] ?? 'it cannot be parsed' });
  }
}

function otherIn(path: string, language: Language, text: string): readonly Other[] {
  const lines = text.split('\n').flatMap((line, at) => (/response\.create\b/.test(line) ? [at + 1] : []));
  return lines.length > 0 ? [{ path, language: languages[language].label, lines }] : [];
}

async function textOf(file: string): Promise<string | { readonly why: string }> {
  return readText(file).catch((error: unknown) => ({ why: (error as Error).message }));
}

/** With the parsers that are installed: in the project, then beside us. Null: none is. */
export async function findParser(cwd: string): Promise<Parse | null> {
  const parsers = await findParsers(cwd)
    .forFile('script', join(cwd, 'package.json'))
    .catch(() => null);
  return parsers && ((path, text) => parseScript(parsers, text, dialectOf(path)));
}
