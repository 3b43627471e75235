import { describe, expect, it } from 'vitest';
import { audit, baselineOf, compare, filesIn, parseBaseline, printBaseline } from '../../src/audit/index.js';
import { create, type Files, folderWith } from './auditing.js';

const inside = (name: string, ...code: readonly string[]): string => `function ${name}() {\n${code.join('')}}\n`;

async function reportOf(files: Files) {
  const cwd = folderWith(files);
  const { files: listed } = await filesIn({ cwd, paths: ['.'], tests: 'with' });
  return { cwd, report: await audit({ cwd, files: listed }) };
}

/** What changes between two states of a code base, the first being the baseline. */
async function change(before: Files, after: Files) {
  const baseline = baselineOf((await reportOf(before)).report.findings);
  const { cwd, report } = await reportOf(after);
  const { fresh, known, gone } = compare(report, parseBaseline(printBaseline(baseline)), cwd);
  return { fresh: fresh.map(({ line }) => line), known, gone: gone.map((each) => [each.function, each.count]) };
}

describe('against a baseline', () => {
  const before = { 'a.js': inside('greet', create) };

  it('what it has is known', async () => {
    expect(await change(before, before)).toEqual({ fresh: [], known: 1, gone: [] });
  });

  it('code may move and be formatted anew', async () => {
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
    ['{"version":1}', /entries/],
    ['{"version":1,"entries":[{"path":"a","function":null,"kind":"k","code":"c","count":0}]}', /entries/],
  ])('%s is no baseline', (text, message) => {
    expect(() => parseBaseline(text)).toThrow(message);
  });
});
