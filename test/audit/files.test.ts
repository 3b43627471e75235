import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesIn, type FileOptions } from '../../src/audit/index.js';
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
    expect(await filesIn({ cwd: folderWith({}), paths: ['gone'], tests: 'with' })).toEqual({
      files: [],
      unknown: ['gone'],
    });
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
});
