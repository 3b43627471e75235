import { chmodSync, chownSync, lstatSync, readdirSync, realpathSync, symlinkSync } from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { audit, findParsers, type Parsers } from '../../src/audit/index.js';
import { countsOf, migrate } from '../../src/migrate/migrate.js';
import { writeAll } from '../../src/migrate/write.js';
import { Folder } from './folder.js';

const agent = `import { openSession } from 'gated-realtime';
const session = await openSession({ transport: raw });
export const hi = () => raw.send({ type: 'response.create' });
`;
const done = agent.replace(`raw.send({ type: 'response.create' })`, `void session.respond('hi')`);
const write = (folder: Folder, ...paths: readonly string[]) =>
  migrate({ cwd: folder.path, paths: paths.length > 0 ? paths : ['.'], mode: 'write' });

afterEach(() => void vi.unstubAllEnvs());

describe('writing', () => {
  it('writes every file that changes, and no other', async () => {
    const folder = new Folder({ 'a.ts': agent, 'lib/b.ts': agent, 'c.ts': 'export {};\n', 'node_modules/d.ts': agent });
    const report = await write(folder);
    expect(folder.git('status', '--porcelain').split('\n').filter(Boolean).sort()).toEqual([' M a.ts', ' M lib/b.ts']);
    expect(folder.read('lib/b.ts')).toBe(done);
    expect(countsOf(report)).toEqual({ rewritten: 2, marked: 0, left: 0, unread: 0 });
  });

  it('writes nothing where only a plan was asked for', async () => {
    const folder = new Folder({ 'a.ts': agent });
    const report = await migrate({ cwd: folder.path, paths: ['a.ts'], mode: 'plan' });
    expect(report.migrations.map(({ after }) => after)).toEqual([done]);
    expect(folder.read('a.ts')).toBe(agent);
  });

  it.each([
    [
      'changed',
      (folder: Folder) => folder.write({ 'b.ts': `${agent}// More.\n` }),
      'it has uncommitted changes: commit or stash them first',
    ],
    [
      'staged',
      (folder: Folder) => {
        folder.write({ 'b.ts': `${agent}// More.\n` });
        folder.git('add', 'b.ts');
      },
      'it has uncommitted changes: commit or stash them first',
    ],
    ['new', (folder: Folder) => folder.write({ 'b.ts': agent, 'c.ts': agent }), 'it is not committed'],
  ])('refuses all where one is %s, and names it', async (_, change, why) => {
    const folder = new Folder({ 'a.ts': agent, 'b.ts': agent });
    change(folder);
    const report = await write(folder);
    expect(report.refusals).toEqual([{ path: expect.stringMatching(/^[bc]\.ts$/) as string, why }]);
    expect(folder.read('a.ts')).toBe(agent);
  });

  it('refuses what git ignores, and what is in no repository', async () => {
    const folder = new Folder({ '.gitignore': 'a.ts\n', 'a.ts': agent });
    expect((await write(folder, 'a.ts')).refusals).toEqual([{ path: 'a.ts', why: 'it is not committed' }]);
    const loose = new Folder({ 'a.ts': agent }, 'no repository');
    expect((await write(loose)).refusals).toEqual([
      {
        path: 'a.ts',
        why: 'git cannot be asked about it: not a git repository (or any of the parent directories): .git',
      },
    ]);
  });

  it('minds no change of a file that stays as it is', async () => {
    const folder = new Folder({ 'a.ts': agent, 'notes.ts': '' });
    folder.write({ 'notes.ts': '// session.respond\n' });
    expect((await write(folder)).refusals).toEqual([]);
    expect(folder.read('a.ts')).toBe(done);
  });

  it('refuses a file that has changed since it was read', async () => {
    const folder = new Folder({ 'a.ts': agent });
    const refusals = await writeAll([{ path: 'a.ts', before: 'something else', after: done }], { cwd: folder.path });
    expect(refusals).toEqual([{ path: 'a.ts', why: 'it has changed since it was read' }]);
    expect(folder.read('a.ts')).toBe(agent);
  });

  it('refuses a file that is read-only', async () => {
    const folder = new Folder({ 'a.ts': agent });
    chmodSync(`${folder.path}/a.ts`, 0o444);
    expect((await write(folder)).refusals).toEqual([{ path: 'a.ts', why: 'it is read-only' }]);
    expect(folder.read('a.ts')).toBe(agent);
  });

  it('refuses where git is not installed, and says so', async () => {
    const folder = new Folder({ 'a.ts': agent });
    vi.stubEnv('PATH', '/nowhere');
    const { refusals } = await write(folder, 'a.ts');
    expect(refusals).toEqual([{ path: 'a.ts', why: 'git cannot be asked about it: git is not installed' }]);
  });

  it.skipIf(process.getuid?.() !== 0)('refuses where git does not trust the owner, and says so', async () => {
    const folder = new Folder({ 'a.ts': agent });
    chownSync(folder.path, 12_345, 12_345);
    chownSync(`${folder.path}/.git`, 12_345, 12_345);
    const [refusal] = (await write(folder, 'a.ts')).refusals;
    expect(refusal?.why).toBe(
      `git cannot be asked about it: detected dubious ownership in repository at '${realpathSync(folder.path)}'`,
    );
  });

  it('refuses a file that changes while the others are written, and takes those back', async () => {
    const folder = new Folder({ 'a.ts': agent, 'b.ts': agent });
    const late = {
      path: 'b.ts',
      before: agent,
      get after(): string {
        folder.write({ 'b.ts': '// mine\n' });
        return done;
      },
    };
    const refusals = await writeAll([{ path: 'a.ts', before: agent, after: done }, late], { cwd: folder.path });
    expect(refusals).toEqual([{ path: 'b.ts', why: 'it has changed since it was read' }]);
    expect([folder.read('a.ts'), folder.read('b.ts')]).toEqual([agent, '// mine\n']);
  });

  it('leaves nothing beside the files, written or refused', async () => {
    const folder = new Folder({ 'a.ts': agent, 'b.ts': agent });
    await write(folder);
    expect(readdirSync(folder.path).sort()).toEqual(['.git', 'a.ts', 'b.ts']);
  });

  it('refuses a link to what is not committed', async () => {
    const folder = new Folder({ '.gitignore': 'real\n', 'real/a.ts': agent });
    symlinkSync('real/a.ts', `${folder.path}/a.ts`);
    folder.commit();
    const refusals = await writeAll([{ path: 'a.ts', before: agent, after: done }], { cwd: folder.path });
    expect(refusals).toEqual([{ path: 'a.ts', why: 'it is not committed' }]);
  });

  it('writes through a link, which stays one', async () => {
    const folder = new Folder({ 'real/a.ts': agent });
    symlinkSync('real/a.ts', `${folder.path}/a.ts`);
    folder.commit();
    const refusals = await writeAll([{ path: 'a.ts', before: agent, after: done }], { cwd: folder.path });
    expect([refusals, folder.read('real/a.ts')]).toEqual([[], done]);
    expect(lstatSync(`${folder.path}/a.ts`).isSymbolicLink()).toBe(true);
  });

  it('writes none where the text of one cannot be written', async () => {
    const folder = new Folder({ 'a.ts': agent, 'b.ts': agent });
    const broken = {
      path: 'b.ts',
      before: agent,
      get after(): string {
        throw new Error('disk full');
      },
    };
    const refusals = await writeAll([{ path: 'a.ts', before: agent, after: done }, broken], { cwd: folder.path });
    expect(refusals).toEqual([{ path: 'b.ts', why: 'it cannot be written: disk full' }]);
    expect(folder.read('a.ts')).toBe(agent);
  });

  it('keeps the mode of a file', async () => {
    const folder = new Folder({ 'a.ts': agent });
    chmodSync(`${folder.path}/a.ts`, 0o755);
    folder.commit();
    await write(folder);
    expect(folder.git('diff', '--summary')).toBe('');
  });
});

describe('reading', () => {
  it('says what it could not read, and why, and migrates the rest', async () => {
    const latin = Buffer.from('// realtime \xe9\n', 'latin1');
    const folder = new Folder({ 'a.ts': agent, 'broken.ts': 'realtime = {' });
    (folder.write as (files: Record<string, unknown>) => void).call(folder, { 'latin.ts': latin });
    folder.commit();
    const report = await write(folder, '.', 'missing');
    expect(report.unread.map(({ path }) => path).sort()).toEqual(['broken.ts', 'latin.ts', 'missing']);
    expect(folder.read('a.ts')).toBe(done);
  });

  it('reads what a folder without git has, but what is installed or built', async () => {
    const folder = new Folder({ 'src/a.ts': agent, 'dist/a.js': agent, 'node_modules/x/a.js': agent }, 'no repository');
    const report = await migrate({ cwd: folder.path, paths: ['.'], mode: 'plan' });
    expect(report.migrations.map(({ path }) => path)).toEqual(['src/a.ts']);
  });

  it('reads a file once, however often it is named', async () => {
    const folder = new Folder({ 'a.ts': agent });
    symlinkSync('a.ts', `${folder.path}/link.txt`);
    expect(countsOf(await write(folder, 'a.ts', './a.ts', '.')).rewritten).toBe(1);
  });

  it.each([
    ['agent.py', `# response.create is said here\nevent = {"type": "response.create"}\nws.send(json.dumps(event))\n`],
    [
      'call.vue',
      `<template><b @click="ws.send({ type: 'response.create' })" /></template>\n<script>\nlet ws;\n</script>\n`,
    ],
    ['call.svelte', `<script>\n  ws.send({ type: 'response.create' });\n</script>\n<p>response.create</p>\n`],
  ])('says of %s what the audit says, with what to do, and leaves it as it is', async (path, text) => {
    const folder = new Folder({ [path]: text });
    const report = await write(folder);
    const { findings } = await audit({ cwd: folder.path, files: [path] });
    expect(findings).toHaveLength(1);
    const said = findings.map(({ line, what }) => ({ path, line, what, danger: 'elsewhere' }));
    expect(report.others).toMatchObject(said);
    expect(report.others[0]?.advice).toMatch(/ is not rewritten: /);
    expect(folder.read(path)).toBe(text);
    expect(countsOf(report)).toMatchObject({ left: 1 });
  });

  it('asks for the parser of each file where that is', async () => {
    const folder = new Folder({ 'a.ts': agent, 'lib/b.ts': agent });
    const asked: string[] = [];
    const { forFile } = findParsers(folder.path);
    const parsers: Parsers = { forFile: (language, path) => (asked.push(path), forFile(language, path)) };
    await migrate({ cwd: folder.path, paths: ['.'], mode: 'plan', parsers });
    expect(new Set(asked)).toEqual(new Set([`${folder.path}/a.ts`, `${folder.path}/lib/b.ts`]));
  });

  it('says how far it is', async () => {
    const folder = new Folder({ 'a.ts': agent, 'b.ts': agent });
    const told: (readonly [number, number])[] = [];
    const onProgress = (done: number, total: number): void => void told.push([done, total]);
    await migrate({ cwd: folder.path, paths: ['.'], mode: 'plan', onProgress });
    expect(told).toEqual([
      [1, 2],
      [2, 2],
    ]);
  });
});

describe('stopping', () => {
  /** Migrates, and stops once the first file has been opened. */
  const stopped = (folder: Folder, mode: 'plan' | 'write') => {
    const stop = new AbortController();
    const { forFile } = findParsers(folder.path);
    const parsers: Parsers = { forFile: (...asked) => (stop.abort(new Error('Stopped')), forFile(...asked)) };
    return migrate({ cwd: folder.path, paths: ['.'], mode, parsers, signal: stop.signal });
  };

  it('ends it between two files', async () => {
    await expect(stopped(new Folder({ 'a.ts': agent, 'b.ts': agent }), 'plan')).rejects.toThrow('Stopped');
  });

  it('leaves every file as it was', async () => {
    const folder = new Folder({ 'a.ts': agent });
    await expect(stopped(folder, 'write')).rejects.toThrow('Stopped');
    expect([folder.read('a.ts'), folder.git('status', '--porcelain')]).toEqual([agent, '']);
  });
});
