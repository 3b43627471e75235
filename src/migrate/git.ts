import { execFile } from 'node:child_process';
import { basename, dirname } from 'node:path';
import { promisify } from 'node:util';

/** Why git could not give a file back as it is: what it does not keep could not be had again. Null: it could. */
export async function askGit(file: string): Promise<string | null> {
  try {
    if ((await git(file, 'ls-files', '-z')) === '') return 'it is not committed';
    const status = await git(file, 'status', '--porcelain', '-z');
    return status === '' ? null : 'it has uncommitted changes: commit or stash them first';
  } catch (error) {
    return `git cannot be asked about it: ${reasonOf(error)}`;
  }
}

async function git(file: string, ...args: readonly string[]): Promise<string> {
  // A hook runs with the variables of its own repository, which may not be that of the file.
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_'));
  const env = { ...Object.fromEntries(own), LC_ALL: 'C' };
  const { stdout } = await promisify(execFile)('git', [...args, '--', basename(file)], { cwd: dirname(file), env });
  return stdout;
}

/** What git says, in one line: that there is no repository, or that it does not trust its owner. */
function reasonOf(error: unknown): string {
  const { code, stderr, message } = error as { code?: unknown; stderr?: string; message: string };
  if (code === 'ENOENT') return 'git is not installed';
  const [first = message] = (stderr ?? '').split('\n').filter((line) => line !== '');
  return first.replace(/^fatal: /, '');
}
