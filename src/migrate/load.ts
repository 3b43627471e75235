import { execFile } from 'node:child_process';
import { readdir, readFile, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { extname, join, relative, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { isNode, type Node } from '../detector/node.js';
import type { Source } from './source.js';

const run = promisify(execFile);

/** What was found under some paths. */
export interface Loaded {
  readonly sources: readonly Source[];
  /** Python is looked at by the audit, and not rewritten. */
  readonly python: readonly { readonly path: string; readonly lines: readonly number[] }[];
  readonly unread: readonly Unread[];
}
export interface Unread {
  readonly path: string;
  readonly why: string;
}

/** Turns a text into a tree; throws where it cannot. */
export type Parse = (path: string, text: string) => Node;

const extensions: ReadonlySet<string> = new Set(['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs']);
const skipped: ReadonlySet<string> = new Set(['node_modules', 'dist', 'build', 'coverage', '.git']);

export async function load(paths: readonly string[], cwd: string, parse: Parse): Promise<Loaded> {
  const files = new Set<string>();
  const unread: Unread[] = [];
  for (const path of paths) {
    const found = await filesUnder(resolve(cwd, path)).catch((error: unknown) => (error as Error).message);
    if (typeof found === 'string') unread.push({ path, why: found });
    else for (const each of found) files.add(each);
  }
  const sources: Source[] = [];
  const python: Loaded['python'][number][] = [];
  for (const file of [...files].sort()) {
    const path = relative(cwd, file).split(sep).join('/') || file;
    const read = await readText(file);
    if (typeof read !== 'string') unread.push({ path, why: read.why });
    else if (extname(file) === '.py') python.push(...pythonIn(path, read));
    else if (mayMatter.test(read)) addTo(sources, unread, { path, text: read }, parse);
  }
  return { sources, python, unread };
}

/** Words without which the detector finds nothing: most files need no parser. */
const mayMatter = /response|realtime|respond|oai-events/i;

function addTo(sources: Source[], unread: Unread[], file: Omit<Source, 'program'>, parse: Parse): void {
  try {
    sources.push({ ...file, program: parse(file.path, file.text) });
  } catch (error) {
    unread.push({ path: file.path, why: (error as Error).message.split('\n')[0] ?? 'it cannot be parsed' });
  }
}

function pythonIn(path: string, text: string): Loaded['python'] {
  const lines = text.split('\n').flatMap((line, at) => (/response\.create\b/.test(line) ? [at + 1] : []));
  return lines.length > 0 ? [{ path, lines }] : [];
}

async function readText(file: string): Promise<string | { readonly why: string }> {
  try {
    const bytes = await readFile(file);
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    return { why: error instanceof TypeError ? 'it is not UTF-8' : (error as Error).message };
  }
}

// Files ----------------------------------------------------------------------------------------------------------------

async function filesUnder(path: string): Promise<readonly string[]> {
  const found = await stat(path);
  if (!found.isDirectory()) return [path];
  const listed = await tracked(path).catch(() => walked(path));
  const isMeant = (file: string): boolean => extensions.has(extname(file)) || extname(file) === '.py';
  return listed.filter(
    (file) =>
      isMeant(file) &&
      !file
        .slice(path.length)
        .split(sep)
        .some((part) => skipped.has(part)),
  );
}

async function tracked(folder: string): Promise<readonly string[]> {
  const options = { cwd: folder, maxBuffer: 1 << 28 };
  const { stdout } = await run('git', ['ls-files', '-co', '--exclude-standard', '-z', '.'], options);
  const files = stdout.split('\0').filter((each) => each !== '');
  const present = await Promise.all(files.map((each) => stat(join(folder, each)).catch(() => null)));
  return files.filter((_, at) => present[at]?.isFile() === true).map((each) => join(folder, each));
}

async function walked(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const found: string[] = [];
  for (const each of entries) {
    const path = join(folder, each.name);
    if (each.isFile()) found.push(path);
    else if (each.isDirectory() && !skipped.has(each.name)) found.push(...(await walked(path)));
  }
  return found;
}

// Parsers --------------------------------------------------------------------------------------------------------------

/** The first parser that is installed: in the project, then beside us. Null: none is. */
export async function findParser(cwd: string): Promise<Parse | null> {
  for (const from of [join(cwd, 'package.json'), import.meta.url]) {
    for (const { name, make } of parsers) {
      const loaded = await importFrom(from, name);
      const parse = loaded && make(loaded);
      if (parse) return withoutMark(parse);
    }
  }
  return null;
}

type Loose = Readonly<Record<string, unknown>>;

async function importFrom(from: string, name: string): Promise<Loose | null> {
  try {
    const path = createRequire(from).resolve(name);
    return (await import(pathToFileURL(path).href)) as Loose;
  } catch {
    return null;
  }
}

const parsers: readonly { readonly name: string; readonly make: (loaded: Loose) => Parse | null }[] = [
  { name: '@typescript-eslint/typescript-estree', make: typescriptEstree },
  { name: 'oxc-parser', make: oxc },
];

function typescriptEstree({ parse }: Loose): Parse | null {
  if (typeof parse !== 'function') return null;
  return (path, text) => {
    const jsx = !/\.[mc]?ts$/.test(path);
    return rootOf((parse as (text: string, options: object) => unknown)(text, { filePath: path, jsx, range: true }));
  };
}

function oxc({ parseSync }: Loose): Parse | null {
  if (typeof parseSync !== 'function') return null;
  return (path, text) => {
    const { program, errors } = (parseSync as (path: string, text: string) => Loose)(path, text);
    const [error] = Array.isArray(errors) ? (errors as readonly { readonly message?: string }[]) : [];
    if (error) throw new Error(error.message ?? 'it cannot be parsed');
    return rootOf(program);
  };
}

function rootOf(parsed: unknown): Node {
  if (!isNode(parsed)) throw new Error('the parser made no tree of it');
  return parsed;
}

/** A byte order mark is no part of the program; a space in its place keeps every offset. */
const withoutMark =
  (parse: Parse): Parse =>
  (path, text) =>
    parse(path, text.startsWith('\uFEFF') ? ` ${text.slice(1)}` : text);
