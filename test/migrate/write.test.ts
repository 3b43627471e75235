import { chmodSync, symlinkSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
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

describe('writing', () => {
  it('writes every file that changes, and no other', async () => {
    const folder = new Folder({ 'a.ts': agent, 'lib/b.ts': agent, 'c.ts': 'export {};\n', 'node_modules/d.ts': agent });
    const report = await write(folder);
    expect(folder.git('status', '--porcelain').split('\n').filter(Boolean).sort()).toEqual([' M a.ts', ' M lib/b.ts']);
    expect(folder.read('lib/b.ts')).toBe(done);
    expect(countsOf(report!)).toEqual({ rewritten: 2, marked: 0, left: 0, unread: 0 });
  });

  it('writes nothing where only a plan was asked for', async () => {
    const folder = new Folder({ 'a.ts': agent });
    const report = await migrate({ cwd: folder.path, paths: ['a.ts'], mode: 'plan' });
    expect(report!.migrations.map(({ after }) => after)).toEqual([done]);
    expect(folder.read('a.ts')).toBe(agent);
  });

  it.each([
    ['changed', (folder: Folder) => folder.write({ 'b.ts': `${agent}// More.\n` }), 'it has uncommitted changes'],
    [
      'staged',
      (folder: Folder) => {
        folder.write({ 'b.ts': `${agent}// More.\n` });
        folder.git('add', 'b.ts');
      },
      'it has uncommitted changes',
    ],
    ['new', (folder: Folder) => folder.write({ 'b.ts': agent, 'c.ts': agent }), 'it is not committed'],
  ])('refuses all where one is %s, and names it', async (_, change, why) => {
    const folder = new Folder({ 'a.ts': agent, 'b.ts': agent });
    change(folder);
    const report = await write(folder);
    expect(report!.refusals).toEqual([{ path: expect.stringMatching(/^[bc]\.ts$/) as string, why }]);
    expect(folder.read('a.ts')).toBe(agent);
  });

  it('refuses what git ignores, and what is in no repository', async () => {
    const folder = new Folder({ '.gitignore': 'a.ts\n', 'a.ts': agent });
    expect((await write(folder, 'a.ts'))!.refusals).toEqual([{ path: 'a.ts', why: 'it is not committed' }]);
    const loose = new Folder({ 'a.ts': agent }, 'no repository');
    expect((await write(loose))!.refusals).toEqual([{ path: 'a.ts', why: 'it is in no git repository' }]);
  });

  it('minds no change of a file that stays as it is', async () => {
    const folder = new Folder({ 'a.ts': agent, 'notes.ts': '' });
    folder.write({ 'notes.ts': '// session.respond\n' });
    expect((await write(folder))!.refusals).toEqual([]);
    expect(folder.read('a.ts')).toBe(done);
  });

  it('refuses a file that has changed since it was read', async () => {
    const folder = new Folder({ 'a.ts': agent });
    const refusals = await writeAll([{ path: 'a.ts', before: 'something else', after: done }], folder.path);
    expect(refusals).toEqual([{ path: 'a.ts', why: 'it has changed since it was read' }]);
    expect(folder.read('a.ts')).toBe(agent);
  });

  it('takes back what it has written where a later file cannot be', async () => {
    const folder = new Folder({ 'a.ts': agent, 'b.ts': agent });
    const broken = {
      path: 'b.ts',
      before: agent,
      get after(): string {
        throw new Error('disk full');
      },
    };
    const refusals = await writeAll([{ path: 'a.ts', before: agent, after: done }, broken], folder.path);
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
    const latin = Buffer.from('// response \xe9\n', 'latin1');
    const folder = new Folder({ 'a.ts': agent, 'broken.ts': 'response = {' });
    (folder.write as (files: Record<string, unknown>) => void).call(folder, { 'latin.ts': latin });
    folder.commit();
    const report = await write(folder, '.', 'missing');
    expect(report!.unread.map(({ path }) => path).sort()).toEqual(['broken.ts', 'latin.ts', 'missing']);
    expect(folder.read('a.ts')).toBe(done);
  });

  it('reads what a folder without git has, but what is installed or built', async () => {
    const folder = new Folder({ 'src/a.ts': agent, 'dist/a.js': agent, 'node_modules/x/a.js': agent }, 'no repository');
    const report = await migrate({ cwd: folder.path, paths: ['.'], mode: 'plan' });
    expect(report!.migrations.map(({ path }) => path)).toEqual(['src/a.ts']);
  });

  it('reads a file once, however often it is named', async () => {
    const folder = new Folder({ 'a.ts': agent });
    symlinkSync('a.ts', `${folder.path}/link.txt`);
    expect(countsOf((await write(folder, 'a.ts', './a.ts', '.'))!).rewritten).toBe(1);
  });

  it('lists Python and Vue, and leaves them', async () => {
    const python = 'ws.send({"type": "response.create"})\n';
    const vue = `<script>\nws.send({ type: 'response.create' });\n</script>\n`;
    const folder = new Folder({ 'agent.py': python, 'other.py': 'pass\n', 'call.vue': vue });
    const report = await write(folder);
    expect(report!.others).toEqual([
      { path: 'agent.py', language: 'Python', lines: [1] },
      { path: 'call.vue', language: 'Vue', lines: [2] },
    ]);
    expect(folder.read('agent.py')).toBe(python);
    expect(countsOf(report!)).toMatchObject({ left: 2 });
  });
});
