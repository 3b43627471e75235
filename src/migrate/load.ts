import { relative, resolve, sep } from 'node:path';
import {
  eachFile,
  filesIn,
  findParsers,
  type Language,
  languageOf,
  type Listed,
  type Parsers,
  type Program,
  programOf,
  unreadable,
  type Unread,
} from '../audit/index.js';
import { mayHoldAny, type Node } from '../detector/index.js';

/** A parsed file. Offsets in `program` refer to `text`. */
export interface Source {
  readonly path: string;
  readonly language: Language;
  readonly text: string;
  readonly program: Node;
}

export interface Reading {
  readonly cwd: string;
  readonly paths: readonly string[];
  /** @default Those of each file's project, of `cwd`, and beside this package. */
  readonly parsers?: Parsers | undefined;
  /** Called now and then with the number of files done and the total. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Parses a file's new text in the same way as the file. Rejects if that fails. */
export type Again = (text: string) => Promise<Program>;

/**
 * Takes one file after the other that may hold a finding: what the audit looks at too, but what is built. Resolves with
 * what cannot be read, and what is to be said of the list.
 *
 * @throws The reason of `signal`, once that is aborted.
 */
export async function eachSource(
  { cwd, paths, parsers = findParsers(cwd), onProgress, signal }: Reading,
  take: (source: Source, again: Again) => Promise<void>,
): Promise<Pick<Listed, 'unread' | 'remarks'>> {
  const { files, unknown, unread: closed, remarks } = await filesIn({ cwd, paths, tests: 'with', signal });
  const missing = unknown.map((path) => ({ path, line: null, why: 'There is no such file or folder' }));
  const unread: Unread[] = [...missing, ...closed];
  const meant = files.filter((path) => !isBuilt(path, paths, cwd));
  await eachFile({ cwd, files: meant, onProgress, signal }, async ({ path, text }) => {
    const language = languageOf(path);
    if (language === null || (typeof text === 'string' && !mayHoldAny(text))) return;
    const again: Again = (changed) => programOf({ language, path: resolve(cwd, path), text: changed, parsers });
    try {
      if (text instanceof Error) throw text;
      const { root, gap } = await again(text);
      await take({ path, language, text, program: root }, again);
      if (gap) throw gap;
    } catch (error) {
      const { message, line } = unreadable(error, typeof text === 'string' ? text : '');
      unread.push({ path, line, why: message });
    }
  });
  return { unread, remarks };
}

/**
 * Whether a file is in a folder of build results or installed packages, and no path names it or anything in that
 * folder.
 */
function isBuilt(file: string, paths: readonly string[], cwd: string): boolean {
  return paths.every((path) => {
    const within = relative(resolve(cwd, path), resolve(cwd, file)).split(sep);
    return within[0] === '..' || within.some((part) => built.has(part));
  });
}
const built: ReadonlySet<string> = new Set(['node_modules', 'dist', 'build', 'coverage']);
