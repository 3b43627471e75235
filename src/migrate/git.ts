import { execFile } from 'node:child_process';
import { basename, dirname } from 'node:path';
import { promisify } from 'node:util';

/** Why git could not restore a file to its present state, if a migration overwrote it. Null: it could. */
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
  // In a hook, git's variables point to the hook's own repository, which may be another.
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_'));
  const env = { ...Object.fromEntries(own), LC_ALL: 'C' };
  const { stdout } = await promisify(execFile)('git', [...args, '--', basename(file)], { cwd: dirname(file), env });
  return stdout;
}

/** Git's error in one line: that there is no repository, or that its owner is not trusted. */
function reasonOf(error: unknown): string {
  const { code, stderr, message } = error as { code?: unknown; stderr?: string; message: string };
  if (code === 'ENOENT') return 'git is not installed';
  const [first = message] = (stderr ?? '').split('\n').filter((line) => line !== '');
  return first.replace(/^fatal: /, '');
}
