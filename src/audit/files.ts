import { lstat, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { askGit, type Asked } from './git.js';
import { isFolder, repositoryOf, rulesReader, type ReadRules } from './ignored.js';
import { languageOf } from './languages.js';
import type { Unread } from './report.js';
import { walk } from './walk.js';

export interface FileOptions {
  readonly cwd: string;
  /** Files or folders. */
  readonly paths: readonly string[];
  readonly tests: 'with' | 'without';
  readonly signal?: AbortSignal | undefined;
  /** Reads `.gitignore` files where git cannot be asked. */
  readonly readRules?: ReadRules;
}

/** The files to audit, relative to `cwd` with forward slashes, sorted. */
export interface Listed {
  readonly files: readonly string[];
  /** Paths that do not exist. */
  readonly unknown: readonly string[];
  /** Folders that cannot be opened, and paths that are neither files nor folders. */
  readonly unread: readonly Unread[];
  /** Sentences about files that may be listed wrongly or left out. */
  readonly remarks: readonly string[];
}

/**
 * Lists the files of a language that the audit reads. Respects `.gitignore`; never follows a link to a folder.
 *
 * @throws The reason of `signal`, once that is aborted.
 */
export async function filesIn(options: FileOptions): Promise<Listed> {
  const { cwd, paths, tests, signal, readRules = rulesReader(cwd) } = options;
  const listing: Listing = { files: new Set(), unread: new Map(), remarks: new Set() };
  const unknown: string[] = [];
  for (const path of paths) {
    const absolute = resolve(cwd, path);
    const found = await stat(absolute).catch(() => null);
    if (found === null) unknown.push(path);
    else if (found.isDirectory()) await list(absolute, { cwd, signal, readRules, listing });
    else if (found.isFile()) listing.files.add(absolute);
    else listing.unread.set(absolute, 'It is neither a file nor a folder');
  }
  const named = (absolute: string): string => slashed(relative(cwd, absolute)) || '.';
  const files = [...listing.files].map(named).filter((file) => languageOf(file) !== null);
  return {
    files: files.filter((file) => tests === 'with' || !isTest(file)).sort(),
    unknown,
    unread: [...listing.unread].map(([absolute, why]) => ({ path: named(absolute), line: null, why })),
    remarks: [...listing.remarks],
  };
}

/** What has been found so far, by absolute path. */
interface Listing {
  readonly files: Set<string>;
  readonly unread: Map<string, string>;
  readonly remarks: Set<string>;
}

interface Where {
  readonly cwd: string;
  readonly signal: AbortSignal | undefined;
  readonly readRules: ReadRules;
  readonly listing: Listing;
}

const slashed = (path: string): string => (sep === '/' ? path : path.replaceAll(sep, '/'));

/** Whether a file is a test, by its name or its folder's. */
export const isTest = (path: string): boolean => {
  const inside = isAbsolute(path) ? path : `/${path}`;
  return testFolders.test(inside) || testFiles.test(inside);
};
const testFolders = /\/(tests?|__tests__|specs?|e2e|__mocks__)\//;
const testFiles = /(\.(test|spec|e2e)\.[cm]?[jt]sx?|\/test_[^/]*\.py|_test\.py|\/conftest\.py)$/;

/** Asks git for the source files, and walks the folder where git does not answer. */
async function list(folder: string, where: Where): Promise<void> {
  const asked = await askGit(folder, where.signal);
  await (asked instanceof Error ? listByWalking(folder, asked, where) : listFromGit(folder, asked, where));
}

async function listFromGit(folder: string, { files, repositories, closed }: Asked, where: Where): Promise<void> {
  const { listing } = where;
  for (const path of files) {
    where.signal?.throwIfAborted();
    if (languageOf(path) === null || isOfPackage(path)) continue;
    const absolute = join(folder, path);
    if (await isStillThere(absolute)) listing.files.add(absolute);
  }
  for (const path of closed) listing.unread.set(join(folder, path), 'The folder cannot be opened');
  for (const path of repositories) {
    const absolute = join(folder, path);
    if (!isOfPackage(path) && (await isFolder(absolute))) await list(absolute, where);
  }
}

const isOfPackage = (path: string): boolean => path.split('/').includes('node_modules');

/**
 * Returns false for a tracked file that was deleted or replaced by a link. A file that cannot be examined counts as
 * there.
 */
async function isStillThere(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isFile();
  } catch (error) {
    return !['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');
  }
}

async function listByWalking(
  folder: string,
  refusal: Error,
  { cwd, signal, readRules, listing }: Where,
): Promise<void> {
  const repository = repositoryOf(folder);
  const why = repository === null ? '' : ` Git could not be asked: ${refusal.message}.`;
  if (repository !== null) listing.remarks.add(`${TRACKED}${why}`);
  await walk(folder, repository ?? (isWithin(folder, cwd) ? cwd : folder), {
    readRules,
    signal,
    onFile: (path) => listing.files.add(path),
    onUnread: (path, { message }) => listing.unread.set(path, message),
    onUnruled: () => {
      listing.remarks.delete(`${TRACKED}${why}`);
      listing.remarks.add(`${UNRULED}${why}`);
    },
  });
}

const isWithin = (path: string, folder: string): boolean => !slashed(relative(folder, path)).split('/').includes('..');

const TRACKED = 'Files that .gitignore names are left out, even where they are tracked.';
const UNRULED =
  'Files that .gitignore names are not left out. To leave them out without git: "npm install --save-dev ignore".';
