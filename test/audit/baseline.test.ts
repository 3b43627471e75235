import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { audit, baselineOf, compare, filesIn, parseBaseline, printBaseline } from '../../src/audit/index.js';
import { create, type Files, folderWith, type, write } from './auditing.js';

const inside = (name: string, ...code: readonly string[]): string => `function ${name}() {\n${code.join('')}}\n`;

async function reportOf(files: Files) {
  const cwd = folderWith(files);
  const { files: listed } = await filesIn({ cwd, paths: ['.'], tests: 'with' });
  return { cwd, report: await audit({ cwd, files: listed }) };
}

/** The differences between two states of a code base, the first being the baseline. */
async function change(before: Files, after: Files) {
  const baseline = baselineOf((await reportOf(before)).report.findings);
  const { cwd, report } = await reportOf(after);
  const folders = { file: cwd, cwd };
  const { fresh, known, gone } = compare(report, parseBaseline(printBaseline(baseline, folders), folders), cwd);
  return { fresh: fresh.map(({ line }) => line), known, gone: gone.map((each) => [each.function, each.count]) };
}

describe('against a baseline', () => {
  const before = { 'a.js': inside('greet', create) };

  it('what it has is known', async () => {
    expect(await change(before, before)).toEqual({ fresh: [], known: 1, gone: [] });
  });

  it('code may be moved and reformatted', async () => {
    const after = {
      'a.js': `// one\n\n${inside('greet', 'ws.send(\n  JSON.stringify({\n    type: "response.create", // now\n  }),\n)\n')}`,
    };
    expect(await change(before, after)).toEqual({ fresh: [], known: 1, gone: [] });
  });

  it('another call is new', async () => {
    const after = { 'a.js': inside('greet', create, `rt.send({ type: 'response.create' });\n`) };
    expect(await change(before, after)).toEqual({ fresh: [3], known: 1, gone: [] });
  });

  it('a second copy in the same function is new', async () => {
    expect(await change(before, { 'a.js': inside('greet', create, create) })).toEqual({
      fresh: [3],
      known: 1,
      gone: [],
    });
  });

  it('a renamed function is new, and the old one gone', async () => {
    expect(await change(before, { 'a.js': inside('hello', create) })).toEqual({
      fresh: [2],
      known: 0,
      gone: [['greet', 1]],
    });
  });

  it('what the code has no longer is told, with its number', async () => {
    expect(await change({ 'a.js': inside('greet', create, create) }, { 'a.js': inside('greet') })).toEqual({
      ...{ fresh: [], known: 0 },
      gone: [['greet', 2]],
    });
  });

  it('a file that is gone is told, one that was not looked at or not read is not', async () => {
    expect((await change({ ...before, 'b.js': create }, before)).gone).toEqual([[null, 1]]);
    expect((await change(before, { 'a.js': `const = 'response.create'` })).gone).toEqual([]);
    const { cwd, report } = await reportOf({ ...before, 'b.js': '' });
    const baseline = baselineOf(report.findings);
    expect(compare(await audit({ cwd, files: ['b.js'] }), baseline, cwd).gone).toEqual([]);
  });

  it.each([
    ['{', /JSON/],
    ['{}', /version/],
    ['{"version":3}', /version/],
    ['{"version":1,"entries":[]}', /an earlier version wrote it\. Write it again with --write-baseline/],
    ['{"version":2}', /entries/],
    ['{"version":2,"entries":[{"path":"a","function":null,"kind":"k","code":"c","count":0}]}', /entries/],
  ])('%s is no baseline', (text, message) => {
    expect(() => parseBaseline(text, { file: '/', cwd: '/' })).toThrow(message);
  });
});

describe('a baseline file', () => {
  const files = { 'pack/src/a.js': create, 'pack/src/deep/b.js': create, 'c.js': create };

  it('is the same and means the same, whichever folder the audit runs in', async () => {
    const cwd = folderWith(files);
    expect((await type(cwd, '--write-baseline', 'pack/known.json', '.')).code).toBe(0);
    const written = readFileSync(join(cwd, 'pack/known.json'), 'utf8');
    expect(JSON.parse(written).entries.map(({ path }: { path: string }) => path)).toEqual([
      '../c.js',
      'src/a.js',
      'src/deep/b.js',
    ]);
    const places: readonly (readonly [string, string, string])[] = [
      ['.', 'pack/known.json', '.'],
      ['pack/src', '../known.json', '../..'],
      ['pack/src/deep', '../../known.json', '../../..'],
    ];
    for (const [place, file, whole] of places) {
      const there = join(cwd, place);
      expect(await type(there, '--baseline', file, whole)).toMatchObject({
        code: 0,
        out: '3 files: 0 new findings, 3 findings in the baseline.',
      });
      expect((await type(there, '--write-baseline', file, whole)).code).toBe(0);
      expect(readFileSync(join(cwd, 'pack/known.json'), 'utf8')).toBe(written);
    }
  });

  it('of a whole project holds for a part of it, and nothing of the rest is gone', async () => {
    const cwd = folderWith(files);
    await type(cwd, '--write-baseline', 'known.json');
    const part = await type(join(cwd, 'pack/src'), '--baseline', '../../known.json', 'deep');
    expect(part).toMatchObject({ code: 0, out: '1 file: 0 new findings, 1 finding in the baseline.' });
  });

  it('that holds more than the code is told to be shrunk', async () => {
    const cwd = folderWith(files);
    await type(cwd, '--write-baseline', 'known.json');
    write(cwd, 'c.js', '');
    write(cwd, 'pack/src/a.js', '');
    const { code, out } = await type(join(cwd, 'pack'), '--baseline', '../known.json', '..');
    expect(code).toBe(0);
    expect(out).toContain('2 entries of the baseline are gone from the code. To shrink it, write it again');
    expect(out).toContain('  ../c.js  (module)  [text]\n  src/a.js  (module)');
  });
});
