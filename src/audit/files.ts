import { execFile } from 'node:child_process';
import { lstat, readdir, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { promisify } from 'node:util';
import { languageOf } from './languages.js';

export interface FileOptions {
  readonly cwd: string;
  /** Files or folders. */
  readonly paths: readonly string[];
  readonly tests: 'with' | 'without';
}

/** The files to look at, relative to `cwd` with forward slashes, in order. */
export interface Listed {
  readonly files: readonly string[];
  /** Paths that do not exist. */
  readonly unknown: readonly string[];
}

/** Lists the files of a language that the audit reads. Respects `.gitignore`; never follows a link to a folder. */
export async function filesIn({ cwd, paths, tests }: FileOptions): Promise<Listed> {
  const files = new Set<string>();
  const unknown: string[] = [];
  for (const path of paths) {
    const absolute = resolve(cwd, path);
    const found = await stat(absolute).catch(() => null);
    if (found === null) unknown.push(path);
    else for (const file of found.isDirectory() ? await filesUnder(absolute) : [absolute]) files.add(file);
  }
  const listed = [...files].map((file) => slashed(relative(cwd, file))).filter((file) => languageOf(file) !== null);
  return { files: listed.filter((file) => tests === 'with' || !isTest(file)).sort(), unknown };
}

const slashed = (path: string): string => (sep === '/' ? path : path.replaceAll(sep, '/'));

/** Whether a file is a test by its name or by a folder of that name. */
export const isTest = (path: string): boolean => {
  const inside = isAbsolute(path) ? path : `/${path}`;
  return testFolders.test(inside) || testFiles.test(inside);
};
const testFolders = /\/(tests?|__tests__|specs?|e2e|__mocks__)\//;
const testFiles = /(\.(test|spec|e2e)\.[cm]?[jt]sx?|\/test_[^/]*\.py|_test\.py|\/conftest\.py)$/;

async function filesUnder(folder: string): Promise<readonly string[]> {
  const listed = await askGit(folder);
  if (listed === null) return walk(folder);
  const files: string[] = [];
  for (const path of listed) {
    const absolute = join(folder, path);
    if (path.split('/').includes('node_modules')) continue;
    // Git names a repository inside the repository as one entry.
    const isFile = languageOf(path) !== null && (await lstat(absolute).catch(() => null))?.isFile();
    if (isFile) files.push(absolute);
    else if (path.endsWith('/') || languageOf(path) === null) files.push(...(await nested(absolute, path)));
  }
  return files;
}

/** The files of a submodule or of an untracked repository; none for anything else. */
async function nested(absolute: string, path: string): Promise<readonly string[]> {
  if (!path.endsWith('/') && /\.[^/]*$/.test(path)) return [];
  const found = await lstat(absolute).catch(() => null);
  return found?.isDirectory() === true ? filesUnder(absolute) : [];
}

/** What git tracks or would track in a folder, relative to it. Null: the folder belongs to no repository. */
async function askGit(folder: string): Promise<readonly string[] | null> {
  const args = ['-C', folder, 'ls-files', '-co', '--exclude-standard', '-z'];
  // A hook runs with the variables of its own repository, which may not be the one that is audited.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_')));
  try {
    const { stdout } = await promisify(execFile)('git', args, { maxBuffer: 1 << 30, env });
    return [...new Set(stdout.split('\0'))].filter((path) => path !== '');
  } catch {
    return null;
  }
}

/** Outside git: everything but `node_modules` and folders whose names begin with a dot. */
async function walk(folder: string): Promise<readonly string[]> {
  const files: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isFile()) files.push(path);
    else if (entry.isDirectory() && entry.name !== 'node_modules' && !entry.name.startsWith('.')) {
      files.push(...(await walk(path)));
    }
  }
  return files;
}
