import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { detect } from '../../src/detector/index.js';
import { type Parser, parseScript } from '../../src/audit/index.js';
import { root } from '../tools/packed.js';
import { create, type Files, folderWith } from './auditing.js';

const require = createRequire(import.meta.url);
const oxc: Parser = { name: 'oxc-parser', path: require.resolve('oxc-parser'), exports: require('oxc-parser') };

const DEEP = 20_000;
const nested = (open: string, inner: string, close: string): string => open.repeat(DEEP) + inner + close.repeat(DEEP);
const script = (text: string): string => `${create}${text}\n`;
const python = (text: string): string => `ws.send({"type": "response.create"})\n${text}\n`;

/** Programs that crash a native parser, or overflow the walk over a tree. */
const deep: Files = {
  'brackets.js': script(nested('[', '', ']')),
  'templates.js': script(nested('`${', '1', '}`')),
  'functions.js': script(nested('function f(){', '', '}')),
  'arrows.js': script(nested('a=>', '1', '')),
  'else.js': script(nested('if(a)b;else ', 'c', '')),
  'yield.js': script(`function* f(){${nested('yield ', 'a', '')}}`),
  'not.js': script(nested('!!', 'a', '')),
  'sum.js': script(nested('a+a+a+a+', 'a', '')),
  'members.js': script(nested('', 'a', '.b.b.b')),
  'calls.js': script(nested('', 'a', '.b()')),
  'elements.jsx': script(`x=${nested('<a>', '', '</a>')}`),
  'attributes.jsx': script(`x=${nested('<a b={', '1', '}/>')}`),
  'conditional.ts': script(`type A=${nested('B extends C?D:', 'E', '')}`),
  'generic.ts': script(`type A=${nested('B<', 'C', '>')}`),
  'defaults.ts': script(nested('(a=', '1', ')=>1')),
  'elements.vue': `<script>${create}</script><template>${nested('<a>', '', '</a>')}</template>`,
  'expression.vue': `<script>${create}</script><template>{{ ${nested('(', '1', ')')} }}</template>`,
  'script.vue': `<script>${script(nested('{', '', '}'))}</script>`,
  'elements.svelte': `<script>${create}</script>${nested('<a>', '', '</a>')}`,
  'script.svelte': `<script>${script(nested('{', '', '}'))}</script>`,
  'brackets.py': python(`x = ${nested('[', '', ']')}`),
  'elif.py': python(`if a:\n  b\n${nested('elif a:\n  b\n', '', '')}`),
};

describe('code that nests too deeply', () => {
  // In a process of its own, because the audit must not let the process die.
  it('is read or told as unread, and never ends the audit', { timeout: 120_000 }, () => {
    const main = join(root, 'src/cli/main.ts');
    const args = ['--import', require.resolve('tsx'), main, 'audit', '--format', 'json'];
    const { status, signal, stdout } = spawnSync(process.execPath, args, { cwd: folderWith(deep), encoding: 'utf8' });
    expect({ status, signal }).toEqual({ status: 2, signal: null });
    const { findings, unread } = JSON.parse(stdout);
    const told = new Set([...findings, ...unread].map(({ path }: { path: string }) => path));
    expect([...told].sort()).toEqual(Object.keys(deep).sort());
    expect(unread).toContainEqual({ path: 'brackets.js', line: null, why: 'It nests too deeply to be read' });
  });

  it('is told as unread by a native parser alone', () => {
    expect(() => parseScript([oxc], deep['brackets.js'] as string, 'jsx')).toThrow('It nests too deeply to be read');
  });
});

it('a native parser reads a long file that is not deep', () => {
  const text = create + 'send([{ a: 1 }]);\n'.repeat(2_000);
  expect(detect(parseScript([oxc], text, 'jsx'), text)).toHaveLength(1);
});

it('brackets in strings and comments do not hide those in code', () => {
  const closing = `/* ${']'.repeat(DEEP)} */ "${']'.repeat(DEEP)}";\n`;
  const text = closing + (deep['brackets.js'] as string);
  expect(() => parseScript([oxc], text, 'jsx')).toThrow('It nests too deeply to be read');
});
