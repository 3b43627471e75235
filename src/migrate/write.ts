import { randomUUID } from 'node:crypto';
import { chmod, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { askGit } from './git.js';

export interface Change {
  readonly path: string;
  readonly before: string;
  readonly after: string;
}
/** Why a file must not be written. */
export interface Refusal {
  readonly path: string;
  readonly why: string;
}

interface Writing {
  readonly cwd: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Writes all changes, or none: every file is checked, and its text is written beside it, before the first is replaced.
 * Returns why not; empty when it is done.
 *
 * @throws The reason of `signal`, where that is aborted before the first file is replaced.
 */
export async function writeAll(changes: readonly Change[], { cwd, signal }: Writing): Promise<readonly Refusal[]> {
  const refusals: Refusal[] = [];
  for (const change of changes) {
    signal?.throwIfAborted();
    const why = await whyNot(resolve(cwd, change.path), change.before);
    if (why !== null) refusals.push({ path: change.path, why });
  }
  if (refusals.length > 0) return refusals;
  const drafts: Draft[] = [];
  try {
    for (const change of changes) {
      signal?.throwIfAborted();
      const why = await failing(async () => void drafts.push(await draftOf(change, cwd)));
      if (why !== null) return [{ path: change.path, why: `it cannot be written: ${why}` }];
    }
    return await replaceAll(drafts);
  } finally {
    await Promise.all(drafts.map(({ beside }) => rm(beside, { force: true })));
  }
}

/** A file's new text, in a temporary file beside it. */
interface Draft {
  readonly change: Change;
  readonly file: string;
  readonly beside: string;
}

async function draftOf(change: Change, cwd: string): Promise<Draft> {
  // If the path is a link, its target is replaced and not the link.
  const file = await realpath(resolve(cwd, change.path));
  const beside = join(dirname(file), `.gated-realtime-${randomUUID()}.tmp`);
  const { mode } = await stat(file);
  await writeFile(beside, change.after, { flag: 'wx' });
  await chmod(beside, mode & 0o7777);
  return { change, file, beside };
}

/** Replaces one file after the other. If one fails, or has changed meanwhile, restores those already replaced. */
async function replaceAll(drafts: readonly Draft[]): Promise<readonly Refusal[]> {
  const done: Draft[] = [];
  for (const draft of drafts) {
    const why = await replaced(draft);
    if (why !== null) return [{ path: draft.change.path, why }, ...(await takeBack(done))];
    done.push(draft);
  }
  return [];
}

/** The reason why a file was not replaced; null: it was. */
async function replaced({ change, file, beside }: Draft): Promise<string | null> {
  const now = await readFile(file, 'utf8').catch(() => null);
  if (now !== change.before) return CHANGED;
  const why = await failing(() => rename(beside, file));
  return why === null ? null : `it cannot be written: ${why}`;
}

async function takeBack(done: readonly Draft[]): Promise<readonly Refusal[]> {
  const refusals: Refusal[] = [];
  for (const { change, file } of done) {
    const why = await failing(() => writeFile(file, change.before));
    if (why !== null) refusals.push({ path: change.path, why: `it is written, and cannot be taken back: ${why}` });
  }
  return refusals;
}

async function failing(act: () => Promise<void>): Promise<string | null> {
  return act().then(
    () => null,
    (error: unknown) => (error as Error).message,
  );
}

const CHANGED = 'it has changed since it was read';

async function whyNot(path: string, before: string): Promise<string | null> {
  try {
    const file = await realpath(path);
    const [{ mode }, text] = [await stat(file), await readFile(file, 'utf8')];
    if ((mode & 0o222) === 0) return 'it is read-only';
    return text === before ? await askGit(file) : CHANGED;
  } catch (error) {
    return `it cannot be read any more: ${(error as Error).message}`;
  }
}
