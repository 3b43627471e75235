import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { detect } from '../../src/detector/index.js';
import { dialectOf, type Parser, parseScript } from '../../src/audit/index.js';
import { auditFiles, create, findingsOf } from './auditing.js';

describe('scripts', () => {
  it.each(['a.js', 'a.mjs', 'a.cjs', 'a.jsx', 'a.ts', 'a.mts', 'a.cts', 'a.tsx'])('are read: %s', async (path) => {
    expect(await findingsOf(path, `function greet() {\n  ${create}}\n`)).toEqual(['2 text ws.send in greet']);
  });

  it('may hold JSX handlers', async () => {
    const text = `const Button = () => (\n  <button onClick={() => dc.send({ type: 'response.create' })}>Go</button>\n);\n`;
    expect(await findingsOf('a.tsx', text)).toEqual(['2 event dc.send in Button']);
  });

  it('find what takes the type apart from the event', async () => {
    expect(await findingsOf('a.js', `realtime.send('response.create', { response });\n`)).toEqual([
      '1 event realtime.send in –',
    ]);
  });

  it('are read after a byte order mark, with CRLF, and when empty', async () => {
    expect(await findingsOf('a.js', `\uFEFF// one\r\n${create}`)).toEqual(['2 text ws.send in –']);
    expect(await findingsOf('a.js', '')).toEqual([]);
  });

  it('say nothing of comments, server events and strings', async () => {
    const text = `// ws.send({ type: 'response.create' })\nconst word = 'response.create';\nws.send({ type: 'response.cancel' });\n`;
    expect(await findingsOf('a.js', text)).toEqual([]);
  });

  it('that do not parse are unread, never clean', async () => {
    const { findings, unread } = await auditFiles({ 'broken.ts': `${create}\nconst = ;\n`, 'b.ts': create });
    expect(findings.map(({ path }) => path)).toEqual(['b.ts']);
    expect(unread).toMatchObject([{ path: 'broken.ts', line: 3 }]);
  });

  it('of the old kind are read as scripts', async () => {
    expect(await findingsOf('old.js', `with (ws) { send({ type: 'response.create' }); }\n`)).toHaveLength(1);
  });
});

describe('every parser', () => {
  const require = createRequire(import.meta.url);
  const parser = (name: string): Parser => ({ name, path: require.resolve(name), exports: require(name) });
  const text = `export class Agent {\n  greet(this: Agent): void {\n    ${create}  }\n}\n`;

  it.each(['oxc-parser', '@typescript-eslint/typescript-estree', '@babel/parser'])('agrees: %s', (name) => {
    const program = parseScript([parser(name)], text, 'ts');
    expect(detect(program, text)).toMatchObject([{ kind: 'text', what: 'ws.send', inside: 'Agent.greet' }]);
    expect(() => parseScript([parser(name)], 'const = ;', 'ts')).toThrow();
  });

  it('is told the dialect by the name', () => {
    expect(['a.ts', 'a.tsx', 'a.d.ts', 'a.mjs'].map(dialectOf)).toEqual(['ts', 'tsx', 'dts', 'jsx']);
  });

  it('leaves the next one to try', () => {
    const flow = `// @flow\nconst send = (event: ?string): void => { ${create} };\n`;
    const parsers = ['oxc-parser', '@babel/parser'].map(parser);
    expect(detect(parseScript(parsers, flow, 'jsx'), flow)).toHaveLength(1);
  });
});
