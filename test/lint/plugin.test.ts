import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Linter } from 'eslint';
import { Linter as Linter9 } from 'eslint-9';
import gated, { configs, meta, rules } from 'gated-realtime/lint';
import { describe, expect, it } from 'vitest';
import { root } from '../tools/packed.js';
import type { RuleName } from './tester.js';

const names = Object.keys(gated.rules) as RuleName[];
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly version: string };

describe('the plugin', () => {
  it('says its name and its version', () => {
    expect(gated.meta).toEqual({ name: 'gated-realtime', version: manifest.version });
  });

  it('exports its parts by name as well, for require()', () => {
    expect({ meta, rules, configs }).toEqual(gated);
  });

  it('recommends each of its rules, as an error', () => {
    const each = Object.fromEntries(names.map((name) => [`gated-realtime/${name}`, 'error']));
    expect(gated.configs.recommended.rules).toEqual(each);
  });

  it.each(names)('has a page about %s', (name) => {
    const { url } = gated.rules[name].meta!.docs!;
    expect(url).toBe(`https://unpkg.com/gated-realtime@${manifest.version}/docs/rules/${name}.md`);
    expect(existsSync(join(root, `docs/rules/${name}.md`))).toBe(true);
  });
});

const engines = {
  'ESLint 10': (options: Linter.RuleEntry, name: string) => verify(new Linter(), options, name),
  'ESLint 9': (options: Linter.RuleEntry, name: string) => verify(new Linter9() as unknown as Linter, options, name),
};

describe.each(Object.entries(engines))('options on %s', (_, lint) => {
  it.each(names)('of %s: one that is unknown is an error', (name) => {
    expect(() => lint(['error', { unheardOf: true }], name)).toThrow(
      /should NOT have additional|Unexpected property|unheardOf/,
    );
  });

  it.each([
    ['no-raw-realtime-client', { allow: 'src/**' }],
    ['no-raw-realtime-client', { allow: [1] }],
    ['no-raw-realtime-client', { allow: [''] }],
    ['handle-verdict', { ignore: 'nudge' }],
    ['handle-verdict', { ignore: ['nudge', 'nudge'] }],
  ])('of %s: a value of the wrong kind is an error: %j', (name, options) => {
    expect(() => lint(['error', options], name)).toThrow();
  });

  it.each([
    ['no-raw-realtime-client', {}],
    ['no-raw-realtime-client', { allow: ['openai/**'] }],
    ['handle-verdict', { ignore: [] }],
  ])('of %s: may be left out or empty: %j', (name, options) => {
    expect(lint(['error', options], name)).toEqual([]);
  });
});

function verify(linter: Linter, entry: Linter.RuleEntry, name: string): Linter.LintMessage[] {
  return linter.verify('export {};', [
    { plugins: { 'gated-realtime': gated }, rules: { [`gated-realtime/${name}`]: entry } },
  ]);
}
