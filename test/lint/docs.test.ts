import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Linter } from 'eslint';
import gated from 'gated-realtime/lint';
import tseslint from 'typescript-eslint';
import { describe, expect, it } from 'vitest';
import { root } from '../tools/packed.js';
import type { RuleName } from './tester.js';

const folder = join(root, 'docs/rules');
const rules = Object.keys(gated.rules) as RuleName[];

interface Example {
  readonly kind: 'incorrect' | 'correct';
  readonly code: string;
  readonly path: string;
}

describe('the pages about rules', () => {
  it('are one a rule', () => {
    expect(readdirSync(folder).sort()).toEqual(rules.map((rule) => `${rule}.md`).sort());
  });

  it.each(rules)('say in one sentence what %s does, as the rule itself', (rule) => {
    const [heading, , sentence] = readFileSync(join(folder, `${rule}.md`), 'utf8').split('\n');
    expect(heading).toBe(`# gated-realtime/${rule}`);
    expect(sentence).toBe(`${gated.rules[rule].meta!.docs!.description!}.`);
  });

  it.each(rules)('have a section for each question about %s', (rule) => {
    const sections = [...readFileSync(join(folder, `${rule}.md`), 'utf8').matchAll(/^## (.*)$/gm)].map(
      (each) => each[1],
    );
    expect(sections).toEqual(
      expect.arrayContaining(['What it reports', 'Why', 'Incorrect', 'Correct', 'Options', 'When not to use it']),
    );
  });

  it.each(rules)('describe every option of %s', (rule) => {
    const page = readFileSync(join(folder, `${rule}.md`), 'utf8');
    for (const option of optionsOf(rule)) expect(page).toContain(`  ${option}?: `);
  });
});

describe.each(rules)('the examples of %s', (rule) => {
  const examples = examplesOf(rule);

  it('are of both kinds', () => {
    expect(new Set(examples.map(({ kind }) => kind))).toEqual(new Set(['incorrect', 'correct']));
  });

  it.each(examples)('are $kind: $code', ({ kind, code, path }) => {
    const found = messages(code, path);
    expect(found.filter(({ fatal }) => fatal)).toEqual([]);
    if (kind === 'correct') expect(found).toEqual([]);
    else expect(found.map(({ ruleId }) => ruleId)).toContain(`gated-realtime/${rule}`);
  });
});

function messages(code: string, path: string): Linter.LintMessage[] {
  const languageOptions = { parser: tseslint.parser as Linter.Parser };
  const config = [{ files: ['**/*.ts'], languageOptions }, gated.configs.recommended];
  return new Linter({ cwd: root }).verify(code, config, join(root, path));
}

function optionsOf(rule: RuleName): string[] {
  const [schema] = (gated.rules[rule].meta?.schema ?? []) as { readonly properties?: object }[];
  return Object.keys(schema?.properties ?? {});
}

/** The kind is that of the heading or of the line above it; the path is that of a first comment. */
function examplesOf(rule: RuleName): Example[] {
  const examples: Example[] = [];
  let kind: Example['kind'] | undefined;
  for (const part of readFileSync(join(folder, `${rule}.md`), 'utf8').split(/^(?=## |```|Correct, |Incorrect, )/m)) {
    if (/^(?:## )?(?:Incorrect|Correct)\b/.test(part)) kind = /^(?:## )?Incorrect/.test(part) ? 'incorrect' : 'correct';
    else if (part.startsWith('## ')) kind = undefined;
    const code = /^```ts\n(.*)/s.exec(part)?.[1];
    if (code === undefined || !kind) continue;
    examples.push({ kind, code, path: /^\/\/ (\S+\.ts)$/m.exec(code)?.[1] ?? 'example.ts' });
  }
  return examples;
}
