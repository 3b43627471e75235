import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { audit, filesIn, findParsers } from '../../src/audit/index.js';
import { root } from '../tools/packed.js';
import { create, type Files, folderWith, typeWatched } from './auditing.js';

const many = (count: number): Files =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`${at % 100}/${at}.js`, 'export const a = 1;\n']));

/** A terminal that records the progress lines. */
function watching(stop?: AbortController) {
  const shown: string[] = [];
  const progress = (line: string): void => {
    shown.push(line);
    stop?.abort();
  };
  return { shown, terminal: { progress, ...(stop && { signal: stop.signal }) } };
}

describe('10,000 files', () => {
  it('are all looked at; those that hold the words are parsed, and no others', { timeout: 120_000 }, async () => {
    const cwd = folderWith({
      ...many(10_000),
      '5/send.js': create,
      '50/send.py': `# realtime\n`,
      '99/send.js': create,
    });
    const parsers = findParsers(cwd);
    const parsed: string[] = [];
    const { files } = await filesIn({ cwd, paths: ['.'], tests: 'with' });
    const report = await audit({
      ...{ cwd, files },
      parsers: { forFile: (language, path) => (parsed.push(path), parsers.forFile(language, path)) },
    });
    expect(report.files).toHaveLength(10_003);
    expect(report.findings.map(({ path }) => path)).toEqual(['5/send.js', '99/send.js']);
    expect(parsed).toEqual(['5/send.js', '50/send.py', '99/send.js'].map((path) => join(cwd, path)));
  });
});

describe('the line of progress', () => {
  it('says how far the audit is, and is cleared before anything is printed', async () => {
    const { shown, terminal } = watching();
    const printed: string[] = [];
    const print = (line: string) => printed.push(`${line} after ${JSON.stringify(shown.at(-1))}`);
    await typeWatched(folderWith(many(30)), [], { ...terminal, print });
    expect(shown[0]).toBe('1 of 30 files');
    expect(printed).toEqual(['30 files: 0 findings. after ""']);
  });

  it('never reaches a pipe', () => {
    const main = join(root, 'src/cli/main.ts');
    const args = ['--import', createRequire(import.meta.url).resolve('tsx'), main, 'audit'];
    const cwd = folderWith(many(30));
    const both = execFileSync('sh', ['-c', '"$0" "$@" 2>&1', process.execPath, ...args], { cwd, encoding: 'utf8' });
    expect(both).toBe('30 files: 0 findings.\n');
  });
});

describe('an audit that is stopped', () => {
  const files = { ...many(30), '0/0.js': create };

  it('looks at no other file, prints no result, and exits with 130', async () => {
    const { shown, terminal } = watching(new AbortController());
    const { code, out, err } = await typeWatched(folderWith(files), ['--format', 'json'], terminal);
    expect({ code, out, err }).toEqual({ code: 130, out: '', err: 'Stopped: 29 of 30 files were not looked at.' });
    expect(shown).toEqual(['1 of 30 files', '']);
  });

  it('writes no baseline', async () => {
    const cwd = folderWith(files);
    const { terminal } = watching(new AbortController());
    expect((await typeWatched(cwd, ['--write-baseline', 'known.json'], terminal)).code).toBe(130);
    expect(existsSync(join(cwd, 'known.json'))).toBe(false);
  });

  it('also stops while it looks for files', async () => {
    const signal = AbortSignal.abort();
    await expect(filesIn({ cwd: folderWith(files), paths: ['.'], tests: 'with', signal })).rejects.toBe(signal.reason);
    expect(await typeWatched(folderWith(files), [], { signal })).toMatchObject({ code: 130, out: '' });
  });

  it('hears a signal between two files that are parsed', async () => {
    const cwd = folderWith(Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`${at}.js`, create])));
    const stop = new AbortController();
    const looked: number[] = [];
    const { files: listed } = await filesIn({ cwd, paths: ['.'], tests: 'with' });
    await expect(
      audit({
        ...{ cwd, files: listed, signal: stop.signal },
        onProgress: (done) => void (done === 1 ? setImmediate(() => stop.abort()) : looked.push(done)),
      }),
    ).rejects.toThrow('aborted');
    expect(looked.length).toBeLessThan(3);
  });
});
