import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { filesIn, type FileOptions } from '../../src/audit/index.js';
import { rulesReader } from '../../src/audit/ignored.js';
import { folderWith, git, write } from './auditing.js';

const list = async (cwd: string, options: Partial<FileOptions> = {}): Promise<readonly string[]> =>
  (await filesIn({ cwd, paths: ['.'], tests: 'with', ...options })).files;

describe('outside git', () => {
  it('every source is listed but those of packages and of dot folders', async () => {
    const cwd = folderWith({ 'a.ts': '', 'b/c.py': '', 'node_modules/d/e.js': '', '.f/g.js': '', 'h.md': '' });
    expect(await list(cwd)).toEqual(['a.ts', 'b/c.py']);
  });

  it('names with spaces, Unicode and line breaks are kept', async () => {
    const names = ['a b.ts', 'ü ✓.ts', 'x\ny.ts'];
    const cwd = folderWith(Object.fromEntries(names.map((name) => [name, ''])));
    expect(await list(cwd)).toEqual([...names].sort());
  });

  it('a loop of links ends', async () => {
    const cwd = folderWith({ 'a/b.ts': '' });
    symlinkSync('..', join(cwd, 'a', 'up'));
    symlinkSync('self', join(cwd, 'self'));
    expect(await list(cwd)).toEqual(['a/b.ts']);
  });

  it('files and folders may be named, also twice', async () => {
    const cwd = folderWith({ 'a/b.ts': '', 'a/c.ts': '', 'd.ts': '' });
    expect(await list(cwd, { paths: ['a/b.ts', 'a', './a/b.ts'] })).toEqual(['a/b.ts', 'a/c.ts']);
  });

  it('a path that does not exist is told', async () => {
    expect(await filesIn({ cwd: folderWith({}), paths: ['gone'], tests: 'with' })).toMatchObject({
      files: [],
      unknown: ['gone'],
    });
  });

  it('what is neither a file nor a folder is unread, and not waited for', async () => {
    const cwd = folderWith({ 'a.ts': '' });
    execFileSync('mkfifo', [join(cwd, 'pipe.ts')]);
    const listed = await filesIn({ cwd, paths: ['a.ts', 'pipe.ts'], tests: 'with' });
    expect(listed).toMatchObject({
      files: ['a.ts'],
      unread: [{ path: 'pipe.ts', line: null, why: 'It is neither a file nor a folder' }],
    });
    expect(await list(cwd)).toEqual(['a.ts']);
  });

  it('tests are left out when asked', async () => {
    const tests = [
      'a.test.ts',
      'b.spec.jsx',
      'tests/c.py',
      'd/__tests__/e.js',
      'test_f.py',
      'g_test.py',
      'conftest.py',
    ];
    const cwd = folderWith(Object.fromEntries([...tests, 'contest.py', 'latest/h.ts'].map((name) => [name, ''])));
    expect(await list(cwd, { tests: 'without' })).toEqual(['contest.py', 'latest/h.ts']);
    expect(await list(cwd)).toHaveLength(9);
  });
});

describe('in a repository', () => {
  it('what .gitignore names is left out; what is new or odd is not', async () => {
    const cwd = folderWith({ '.gitignore': 'out\n', 'out/a.ts': '', 'b ü.ts': '', 'c/d.ts': '', 'gone.ts': '' });
    git(cwd, 'init', '-q');
    git(cwd, 'add', 'c', 'gone.ts');
    git(cwd, 'rm', '-qf', '--cached', 'gone.ts');
    expect(await list(cwd)).toEqual(['b ü.ts', 'c/d.ts', 'gone.ts']);
    expect(await list(cwd, { paths: ['c'] })).toEqual(['c/d.ts']);
  });

  it('repositories inside it are listed by their own rules', async () => {
    const cwd = folderWith({ 'a.ts': '' });
    git(cwd, 'init', '-q');
    write(cwd, 'inner/.gitignore', 'out.ts\n');
    write(cwd, 'inner/out.ts', '');
    write(cwd, 'inner/b.ts', '');
    git(join(cwd, 'inner'), 'init', '-q');
    expect(await list(cwd)).toEqual(['a.ts', 'inner/b.ts']);
  });

  it('submodules are listed, whatever their names; one that is not checked out ends', async () => {
    const cwd = folderWith({ 'a.ts': '' });
    git(cwd, 'init', '-q');
    for (const name of ['socket.io', 'empty']) {
      write(cwd, `${name}/b.ts`, '');
      const inner = join(cwd, name);
      git(inner, 'init', '-q');
      git(inner, 'add', '.');
      git(inner, '-c', 'user.name=a', '-c', 'user.email=a@b.c', 'commit', '-qm', 'first');
    }
    git(cwd, '-c', 'advice.addEmbeddedRepo=false', 'add', '.');
    rmSync(join(cwd, 'empty'), { recursive: true });
    mkdirSync(join(cwd, 'empty'));
    expect(await list(cwd)).toEqual(['a.ts', 'socket.io/b.ts']);
  });
});

const project = {
  '.gitignore': '/out\n*.gen.ts\n!kept.gen.ts\nbuild/\n',
  'a.ts': '',
  ...{ 'b.gen.ts': '', 'kept.gen.ts': '', 'out/c.ts': '', 'in/out/d.ts': '', 'in/build/e.ts': '', 'build.ts': '' },
  ...{ 'in/.gitignore': '!g.gen.ts\nh.ts\n', 'in/f.gen.ts': '', 'in/g.gen.ts': '', 'in/h.ts': '', 'h.ts': '' },
};
const kept = ['a.ts', 'build.ts', 'h.ts', 'in/g.gen.ts', 'in/out/d.ts', 'kept.gen.ts'];

describe('.gitignore', () => {
  afterEach(() => vi.unstubAllEnvs());

  /** Pretends that git is missing, or that it answers only this. */
  function withGit(says: string | null): void {
    const bin = folderWith(says === null ? {} : { git: `#!/bin/sh\necho "fatal: ${says}" >&2\nexit 128\n` });
    if (says !== null) chmodSync(join(bin, 'git'), 0o755);
    vi.stubEnv('PATH', bin);
  }

  it('of git and of the walk without it leave out the same', async () => {
    const cwd = folderWith(project);
    git(cwd, 'init', '-q');
    write(cwd, '.git/info/exclude', 'private.ts\n');
    write(cwd, 'private.ts', '');
    expect(await list(cwd)).toEqual(kept);
    withGit(null);
    expect(await list(cwd)).toEqual(kept);
    expect(await list(cwd, { paths: ['in'] })).toEqual(['in/g.gen.ts', 'in/out/d.ts']);
    expect(await list(cwd, { paths: ['in/build'] })).toEqual([]);
  });

  it('holds outside a repository as well', async () => {
    const cwd = folderWith(project);
    expect(await list(cwd)).toEqual(kept);
    expect(await list(cwd, { paths: ['in'] })).toEqual(['in/g.gen.ts', 'in/out/d.ts']);
  });

  it.each([
    [null, 'it is not installed'],
    ['detected dubious ownership in repository', 'detected dubious ownership in repository'],
  ])('is told to be read without git where that refuses: %s', async (says, why) => {
    const cwd = folderWith(project);
    git(cwd, 'init', '-q');
    withGit(says);
    const { files, remarks } = await filesIn({ cwd, paths: ['.'], tests: 'with' });
    expect(files).toEqual(kept);
    expect(remarks).toEqual([expect.stringMatching(`left out, even where they are tracked.*${why}\\.$`)]);
  });

  it('is told not to be read where nothing can', async () => {
    const cwd = folderWith({ 'a.ts': '', '.gitignore': 'a.ts' });
    const { files, remarks } = await filesIn({
      ...{ cwd, paths: ['.'], tests: 'with' },
      readRules: rulesReader(cwd, pathToFileURL(join(cwd, 'x.js')).href),
    });
    expect(files).toEqual(['a.ts']);
    expect(remarks).toEqual([expect.stringContaining('npm install --save-dev ignore')]);
  });

  it('and git are not spoken of where there is neither', async () => {
    withGit(null);
    const { remarks } = await filesIn({ cwd: folderWith({ 'a.ts': '' }), paths: ['.'], tests: 'with' });
    expect(remarks).toEqual([]);
  });
});

/** Root can open every folder, so these tests do not run as root. */
describe.skipIf(process.getuid?.() === 0)('a folder that cannot be opened', () => {
  it.each(['with git', 'without git'])('is unread: %s', async (how) => {
    const cwd = folderWith({ 'a.ts': '', 'closed/b.ts': '' });
    if (how === 'with git') git(cwd, 'init', '-q');
    chmodSync(join(cwd, 'closed'), 0);
    const { files, unread } = await filesIn({ cwd, paths: ['.'], tests: 'with' });
    chmodSync(join(cwd, 'closed'), 0o700);
    expect({ files, unread }).toMatchObject({ files: ['a.ts'], unread: [{ path: 'closed' }] });
  });
});
