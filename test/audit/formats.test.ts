import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formats, type FormatName, type Report, type Result } from '../../src/audit/index.js';
import { root } from '../tools/packed.js';
import { auditFiles, create, folderWith, git, type } from './auditing.js';

const resultOf = ({ files, findings, unread }: Report): Result => ({
  folder: '',
  files: files.length,
  findings,
  unread,
  baseline: null,
});
const files = {
  'src/a b%.js': `class Agent {\n  handleTool() {\n    ${create}    ${create}  }\n}\n`,
  'broken.js': `const = 'response.create'`,
};
const write = async (name: FormatName): Promise<string> =>
  formats[name](resultOf(await auditFiles(files)), '1.2.3').join('\n');

describe('json', () => {
  it('has places, guards, counts and unread files', async () => {
    const whole = JSON.parse(await write('json'));
    expect(whole).toMatchObject({
      ...{ version: 1, tool: 'gated-realtime 1.2.3', files: 2, baseline: null },
      counts: { kinds: { text: 2 }, functions: { 'src/a b%.js#Agent.handleTool': 2 } },
      unread: [{ path: 'broken.js', line: 1 }],
    });
    expect(whole.findings[0]).toMatchObject({
      ...{ path: 'src/a b%.js', line: 3, column: 5, function: 'Agent.handleTool', kind: 'text', what: 'ws.send' },
      dangers: [{ danger: 'tool handler', guards: expect.stringContaining('response-active') }],
    });
    expect(whole.findings[0].fingerprint).not.toBe(whole.findings[1].fingerprint);
  });
});

describe('sarif', () => {
  it('has what the standard requires', async () => {
    const log = JSON.parse(await write('sarif'));
    expect(log).toMatchObject({ version: '2.1.0', $schema: expect.stringContaining('sarif-2.1.0') });
    const [run] = log.runs;
    expect(run.tool.driver).toMatchObject({ name: 'gated-realtime audit', version: '1.2.3' });
    expect(run.invocations).toMatchObject([{ executionSuccessful: false }]);
    expect(run.invocations[0].toolExecutionNotifications[0].message.text).toMatch(/^Not read/);
    for (const result of run.results) {
      expect(run.tool.driver.rules[result.ruleIndex].id).toBe(result.ruleId);
      expect(result.message.text).toMatch(/Agent\.handleTool.*tool handler/);
      const { artifactLocation, region } = result.locations[0].physicalLocation;
      expect(artifactLocation.uri).toBe('src/a%20b%25.js');
      for (const edge of ['startLine', 'startColumn', 'endLine', 'endColumn']) expect(region[edge]).toBeGreaterThan(0);
    }
  });

  it('describes every rule as code scanning shows it, with a page that is published', async () => {
    const [{ tool }] = JSON.parse(await write('sarif')).runs;
    expect(tool.driver.rules).toHaveLength(4);
    for (const rule of tool.driver.rules) {
      for (const text of ['shortDescription', 'fullDescription', 'help']) expect(rule[text].text).toMatch(/^\S.{20}/);
      expect(rule.help.markdown).toContain(rule.helpUri);
      expect(['error', 'warning']).toContain(rule.defaultConfiguration.level);
      expect(rule.properties).toMatchObject({ precision: 'high', 'problem.severity': rule.defaultConfiguration.level });
      expect(new URL(rule.helpUri).pathname).toBe(`/gated-realtime@1.2.3/docs/rules/${rule.id}.md`);
      expect(existsSync(join(root, 'docs/rules', `${rule.id}.md`))).toBe(true);
    }
  });

  it('names every file by a relative address, and holds only what the standard knows', async () => {
    const report = await auditFiles({ 'a#b?/c d:%ü.js': create, 'e&f.js': `const = 'response.create'` });
    const [run] = JSON.parse(formats.sarif(resultOf(report), '1').join('\n')).runs;
    const places = [...run.results, ...run.invocations[0].toolExecutionNotifications].map(
      ({ locations: [{ physicalLocation }] }) => physicalLocation.artifactLocation.uri,
    );
    expect(places).toEqual(['a%23b%3F/c%20d%3A%25%C3%BC.js', 'e%26f.js']);
    expect(places.map(decodeURIComponent)).toEqual(['a#b?/c d:%ü.js', 'e&f.js']);
    expect(Object.keys(run).sort()).toEqual(['columnKind', 'invocations', 'results', 'tool']);
    expect(Object.keys(run.results[0]).sort()).toEqual([
      ...['level', 'locations', 'message', 'partialFingerprints', 'properties', 'ruleId', 'ruleIndex'],
    ]);
  });

  it('recognises a finding by the key of a baseline, and by nothing that moves', async () => {
    const marks = async (text: string): Promise<unknown[]> => {
      const log = formats.sarif(resultOf(await auditFiles({ 'a.js': text })), '1').join('\n');
      return JSON.parse(log).runs[0].results.map((each: any) => each.partialFingerprints.primaryLocationLineHash);
    };
    const [one] = await marks(create);
    expect(await marks(`\n\n${create}`)).toEqual([one]);
    expect(new Set(await marks(create + create)).size).toBe(2);
  });
});

describe('github', () => {
  it('annotates, and escapes what has a meaning', async () => {
    const report = await auditFiles({ 'a,b:c%.js': `function f() {\n  ${create}}\n` });
    const [line] = formats.github(resultOf(report), '1');
    expect(line).toMatch(
      /^::error file=a%2Cb%3Ac%25\.js,line=2,endLine=2,endColumn=\d+,col=3,title=gated-realtime%3A no-raw-response-create::/,
    );
    expect(line).toMatch(/::f: ws\.send is given a response\.create as JSON%0Agoes around every guard$/);
  });

  it('keeps one annotation on one line, whatever a path or a reason holds', () => {
    const unread = [{ path: 'a\r\nb,c:d%.js', line: null, why: 'one,\r\ntwo: 100%' }];
    const [line] = formats.github({ folder: '', files: 1, findings: [], unread, baseline: null }, '1');
    expect(line).toBe('::error file=a%0D%0Ab%2Cc%3Ad%25.js,title=gated-realtime%3A not read::one,%0D%0Atwo: 100%25');
  });

  it('tells unread files and what is gone', async () => {
    const gone = [{ path: 'a.js', function: null, kind: 'text', code: '', count: 1 }];
    const result = {
      ...resultOf(await auditFiles({ 'b.js': `const = 'response.create'` })),
      baseline: { known: 0, gone },
    };
    const lines = formats.github(result, '1');
    expect(lines[0]).toMatch(/^::error file=b\.js,line=1,title=gated-realtime%3A not read::/);
    expect(lines[1]).toMatch(/^::notice title=.*::a\.js, \(module\): text$/);
  });
});

describe('pretty', () => {
  it('tells how often something is gone', () => {
    const gone = [{ path: 'a.js', function: 'greet', kind: 'text', code: '', count: 2 }];
    const lines = formats.pretty({ folder: '', files: 1, findings: [], unread: [], baseline: { known: 0, gone } }, '1');
    expect(lines).toContain('  a.js  greet  [text] × 2');
  });
});

describe('from a folder in a repository', () => {
  const inRepository = (): string => {
    const folder = folderWith({ 'packages/phone/a.js': create, 'packages/phone/b.js': `const = 'response.create'` });
    git(folder, 'init');
    return folder;
  };
  const shownBy = async (cwd: string, format: FormatName, path: string): Promise<string> =>
    (await type(cwd, '--format', format, path)).out;

  it('the formats for code hosts name files from the top, as the host does', async () => {
    const folder = join(inRepository(), 'packages/phone');
    const [run] = JSON.parse(await shownBy(folder, 'sarif', '.')).runs;
    const places = [...run.results, ...run.invocations[0].toolExecutionNotifications];
    const named = places.map(({ locations: [{ physicalLocation }] }) => physicalLocation.artifactLocation.uri);
    expect(named).toEqual(['packages/phone/a.js', 'packages/phone/b.js']);
    const written = await shownBy(folder, 'github', '.');
    expect(written.match(/file=[^,]*/g)).toEqual(['file=packages/phone/a.js', 'file=packages/phone/b.js']);
  });

  it('a finding has the fingerprint that it has from the top', async () => {
    const folder = inRepository();
    const keys = async (cwd: string, path: string): Promise<readonly unknown[]> => {
      const [run] = JSON.parse(await shownBy(cwd, 'sarif', path)).runs;
      const { findings } = JSON.parse(await shownBy(cwd, 'json', path));
      return [run.results[0].partialFingerprints.primaryLocationLineHash, findings[0].fingerprint];
    };
    const fromTop = await keys(folder, '.');
    expect(fromTop[0]).toBe(fromTop[1]);
    expect(await keys(join(folder, 'packages/phone'), '.')).toEqual(fromTop);
    expect(await keys(join(folder, 'packages'), 'phone')).toEqual(fromTop);
  });
});
