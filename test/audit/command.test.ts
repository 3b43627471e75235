import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { auditFiles, create, folderWith, type } from './auditing.js';

describe('gated-realtime audit', () => {
  it('exits with 0 where there is nothing', async () => {
    const { code, out } = await type(folderWith({ 'a.js': '' }));
    expect({ code, out }).toEqual({ code: 0, out: '1 file: 0 findings.' });
  });

  it('exits with 1 and shows the guards that a call goes around, the most dangerous first', async () => {
    const { code, out } = await type(
      folderWith({ 'a.js': `function greet() {\n  ${create}}\nasync function hangup() {\n  ${create}}\n` }),
    );
    expect(code).toBe(1);
    expect(out).toBe(
      [
        'a.js:5:3  hangup  [text] ws.send is given a response.create as JSON',
        '    after hang-up – hangup-pending: it speaks, and costs, while the call is being ended',
        '',
        'a.js:2:3  greet  [text] ws.send is given a response.create as JSON',
        '    goes around every guard',
        '',
        'By kind:',
        '      2  text',
        '',
        'By function:',
        '      1  greet  (a.js)',
        '      1  hangup  (a.js)',
        '',
        '1 file: 2 findings.',
      ].join('\n'),
    );
  });

  it('takes a file that is not UTF-8 for unread, never for clean', async () => {
    const report = await auditFiles({
      'old.js': Buffer.from(`\ufeffws.send({ type: 'response.create' });`, 'utf16le'),
    });
    expect(report.unread).toEqual([{ path: 'old.js', line: null, why: 'it is not UTF-8' }]);
  });

  it('exits with 2 where a file cannot be read, and shows the rest', async () => {
    const { code, out } = await type(folderWith({ 'a.js': create, 'b.js': `const = 'response.create'` }));
    expect(code).toBe(2);
    expect(out).toContain('a.js:1:1');
    expect(out).toMatch(/Not read[^]*b\.js:1/);
  });

  it.each([
    [['--fast'], /--fast/],
    [['--format', 'xml'], /"xml"/],
    [['gone'], /"gone"/],
    [['--baseline', 'gone.json'], /gone\.json cannot be read/],
  ])('exits with 2 and names what is wrong: %j', async (args, message) => {
    const { code, err } = await type(folderWith({ 'a.js': '' }), ...args);
    expect(code).toBe(2);
    expect(err).toMatch(message);
  });

  it('exits with 2 where there is no file to read', async () => {
    const { code, err } = await type(folderWith({ 'a.md': '' }));
    expect({ code, err }).toMatchObject({ code: 2, err: expect.stringContaining('no files') });
  });

  it('explains itself', async () => {
    const { code, out } = await type(folderWith({}), '--help');
    expect(code).toBe(0);
    for (const option of ['--format', '--baseline', '--write-baseline', '--no-tests']) expect(out).toContain(option);
  });

  it('forbids what is new, once a baseline is written', async () => {
    const cwd = folderWith({ 'a.js': create });
    expect((await type(cwd, '--write-baseline', 'known.json')).code).toBe(0);
    expect(existsSync(join(cwd, 'known.json'))).toBe(true);
    const known = await type(cwd, '--baseline', 'known.json');
    expect(known).toMatchObject({ code: 0, out: '1 file: 0 new findings, 1 finding in the baseline.' });
    const grown = folderWith({ 'a.js': create + create, 'known.json': readFileSync(join(cwd, 'known.json'), 'utf8') });
    expect(await type(grown, '--baseline', 'known.json')).toMatchObject({
      code: 1,
      out: expect.stringContaining('a.js:2:1'),
    });
    const mended = folderWith({ 'a.js': '', 'known.json': readFileSync(join(cwd, 'known.json'), 'utf8') });
    expect(await type(mended, '--baseline', 'known.json')).toMatchObject({
      code: 0,
      out: expect.stringContaining('1 entry of the baseline is gone'),
    });
  });

  it('leaves tests out when asked', async () => {
    const cwd = folderWith({ 'a.test.js': create, 'b.js': '' });
    expect((await type(cwd)).code).toBe(1);
    expect((await type(cwd, '--no-tests')).code).toBe(0);
  });

  it.each(['pretty', 'json', 'sarif', 'github'])('lets nothing reach the terminal raw: %s', async (format) => {
    const name = 'a\u001b[31m\u202e\r\n.js';
    const { out } = await type(
      folderWith({ [name]: create, 'b\u0007.js': `const = 'response.create'` }),
      '--format',
      format,
    );
    expect(out).not.toMatch(/[^\P{Cc}\n]|[\u202e]/u);
    expect(out).toContain(format === 'sarif' ? '%1B' : '\\u001b');
  });
});
