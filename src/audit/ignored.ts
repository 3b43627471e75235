import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative, sep } from 'node:path';

/** The rules of one `.gitignore` file, for paths below its folder. */
export interface Rules {
  readonly folder: string;
  test(path: string): { readonly ignored: boolean; readonly unignored: boolean };
}

/** Reads a folder's rules. Null: it has none. `unreadable`: no package is installed that can read them. */
export type ReadRules = (folder: string) => Promise<Rules | 'unreadable' | null>;

/** Makes a reader that uses the package `ignore`: the audited project's, or one beside this package. */
export function rulesReader(cwd: string, beside: string = import.meta.url): ReadRules {
  const create = findIgnore([join(cwd, '_.js'), beside]);
  return async (folder) => {
    const files = ['.git/info/exclude', '.gitignore'].map((name) => readFile(join(folder, name), 'utf8'));
    const texts = (await Promise.allSettled(files)).flatMap((each) =>
      each.status === 'fulfilled' && each.value.trim() !== '' ? [each.value] : [],
    );
    if (texts.length === 0) return null;
    if (create === null) return 'unreadable';
    const rules = create({ ignorecase: false }).add(texts.join('\n'));
    return { folder, test: (path) => rules.test(path) };
  };
}

interface Ignore {
  add(patterns: string): this;
  test(path: string): { readonly ignored: boolean; readonly unignored: boolean };
}
type CreateIgnore = (options: { readonly ignorecase: boolean }) => Ignore;

function findIgnore(places: readonly string[]): CreateIgnore | null {
  for (const place of places) {
    try {
      const found: unknown = createRequire(place)('ignore');
      if (typeof found === 'function') return found as CreateIgnore;
    } catch {
      // The package may be at the next place.
    }
  }
  return null;
}

/** Whether the rules exclude a path. The innermost rules that match it decide. */
export function isIgnored(path: string, kind: 'file' | 'folder', rules: readonly Rules[]): boolean {
  const deciding = [...rules].reverse().map(({ folder, test }) => {
    const inside = relative(folder, path).replaceAll(sep, '/');
    return test(kind === 'folder' ? `${inside}/` : inside);
  });
  return deciding.find(({ ignored, unignored }) => ignored || unignored)?.ignored ?? false;
}

/** The top folder of the repository that contains a folder, or null. */
export function repositoryOf(folder: string): string | null {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return at;
    if (dirname(at) === at) return null;
  }
}

/** A folder relative to its repository, with forward slashes; empty at the top, and outside of any repository. */
export const folderInRepository = (folder: string): string =>
  relative(repositoryOf(folder) ?? folder, folder).replaceAll(sep, '/');

/** Whether a path is a folder; false if it does not exist. */
export const isFolder = async (path: string): Promise<boolean> =>
  (await stat(path).catch(() => null))?.isDirectory() ?? false;
