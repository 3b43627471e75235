import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface Change {
  readonly path: string;
  readonly before: string;
  readonly after: string;
}
/** Why one file must not be written. */
export interface Refusal {
  readonly path: string;
  readonly why: string;
}

/** Writes all changes, or none: every file is checked before the first is written. Returns why not; empty when it is done. */
export async function writeAll(changes: readonly Change[], cwd: string): Promise<readonly Refusal[]> {
  const checked = await Promise.all(changes.map((change) => refusalOf(change, cwd)));
  const refusals = checked.filter((each) => each !== null);
  if (refusals.length > 0) return refusals;
  const written: Change[] = [];
  for (const change of changes) {
    try {
      written.push(change);
      await writeFile(resolve(cwd, change.path), change.after);
    } catch (error) {
      await Promise.all(
        written.map(({ path, before }) => writeFile(resolve(cwd, path), before).catch(() => undefined)),
      );
      return [{ path: change.path, why: `it cannot be written: ${(error as Error).message}` }];
    }
  }
  return [];
}

async function refusalOf({ path, before }: Change, cwd: string): Promise<Refusal | null> {
  const file = resolve(cwd, path);
  const why = (await uncommitted(file)) ?? (await changed(file, before));
  return why === null ? null : { path, why };
}

/** What git does not keep could not be had back. Null: it does. */
async function uncommitted(file: string): Promise<string | null> {
  const git = async (...args: readonly string[]): Promise<string> =>
    (await run('git', [...args, '--', basename(file)], { cwd: dirname(file) })).stdout;
  try {
    if ((await git('ls-files', '-z')) === '') return 'it is not committed';
    return (await git('status', '--porcelain', '-z')) === '' ? null : 'it has uncommitted changes';
  } catch {
    return 'it is in no git repository';
  }
}

async function changed(file: string, before: string): Promise<string | null> {
  try {
    await access(file, constants.W_OK);
    return (await readFile(file, 'utf8')) === before ? null : 'it has changed since it was read';
  } catch (error) {
    return `it cannot be written: ${(error as Error).message}`;
  }
}
