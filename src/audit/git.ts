import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** What git knows of a folder, with paths relative to it. */
export interface Asked {
  /** The files that it tracks, or would track. */
  readonly files: readonly string[];
  /** Nested repositories: submodules, and untracked ones. */
  readonly repositories: readonly string[];
  /** Folders that it could not open. */
  readonly closed: readonly string[];
}

/** Asks git which files it tracks, or would track, in a folder. Returns git's refusal if it does not answer. */
export async function askGit(folder: string, signal: AbortSignal | undefined): Promise<Asked | Error> {
  const args = ['-C', folder, 'ls-files', '-s', '-c', '-o', '--exclude-standard', '-z'];
  try {
    const { stdout, stderr } = await promisify(execFile)('git', args, { maxBuffer: 1 << 30, env: bare(), signal });
    return { ...entriesIn(stdout), closed: [...stderr.matchAll(cannotOpen)].map(([, path = '']) => path) };
  } catch (error) {
    signal?.throwIfAborted();
    return refusalFrom(error as NodeJS.ErrnoException & { readonly stderr?: string });
  }
}

const cannotOpen = /^warning: could not open directory '(.*)\/':/gm;

/** The environment without git's variables: in a hook they point to the hook's own repository, which may be another. */
const bare = (): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^GIT_(?!CONFIG|CEILING)/.test(name))),
  LC_ALL: 'C',
});

/** Parses git's list: a tracked entry has its mode before the path, others only the path. */
function entriesIn(written: string): Pick<Asked, 'files' | 'repositories'> {
  const files = new Set<string>();
  const repositories = new Set<string>();
  for (const entry of written.split('\0')) {
    const [, mode, path = entry] = /^(\d{6}) [\da-f]+ \d\t([^]*)$/.exec(entry) ?? [];
    // In a submodule that is not checked out, git lists the folder itself.
    if (path === '' || path === './' || mode === LINK) continue;
    if (mode === SUBMODULE || path.endsWith('/')) repositories.add(path);
    else files.add(path);
  }
  return { files: [...files], repositories: [...repositories] };
}
const SUBMODULE = '160000';
const LINK = '120000';

function refusalFrom({ code, stderr, message }: NodeJS.ErrnoException & { readonly stderr?: string }): Error {
  if (code === 'ENOENT') return new Error('it is not installed');
  const [said = message] = (stderr ?? '').split('\n').filter((line) => line !== '');
  return new Error(said.replace(/^fatal: /, ''));
}
