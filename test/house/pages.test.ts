/** The pages of the documentation: their programs are whole, compile, and print what stands beneath them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileFunction } from 'node:vm';
import ts from 'typescript';
import { beforeAll, describe, expect, test } from 'vitest';
import * as gated from 'gated-realtime';
import * as simulator from 'gated-realtime/simulator';
import type { Complaint } from '../tools/compilers.js';
import { root } from '../tools/packed.js';
import { complaintsAbout } from './examples.js';

/** Programs that are tests have a runner around them. */
const surroundings = `
import type * as Vitest from 'vitest';
declare global {
  const test: typeof Vitest.test;
  const expect: typeof Vitest.expect;
}
`;

interface Program {
  readonly name: string;
  readonly code: string;
  /** What stands beneath it, as its output. */
  readonly prints: string | null;
}

const programs: readonly Program[] = readdirSync(join(root, 'docs'))
  .filter((file) => file.endsWith('.md'))
  .flatMap((file) => programsIn(file, readFileSync(join(root, 'docs', file), 'utf8')));

/** Blocks that begin with an import are whole programs. */
function programsIn(file: string, page: string): Program[] {
  const blocks = [...page.matchAll(/^```ts\n(import .*?)^```\n(?:\n```text\n(.*?)^```$)?/gms)];
  return blocks.map(([, code, prints], at) => ({
    name: `${file.replace('.md', '')}-${at + 1}.ts`,
    code: code!,
    prints: prints ?? null,
  }));
}

describe('the programs of the pages', () => {
  let complaints: Complaint[];
  beforeAll(async () => {
    complaints = await complaintsAbout(new Map(programs.map(({ name, code }) => [name, code])), surroundings);
  }, 120_000);

  test('are found', () => {
    expect(programs.length).toBeGreaterThan(3);
  });

  test.each(programs.map(({ name }) => name))('compile: %s', (name) => {
    const mine = complaints.filter(({ file }) => file === name);
    expect(mine.map(({ line, text }) => `${line}: ${text}`)).toEqual([]);
  });

  test.each(programs.filter(({ prints }) => prints !== null))('print what stands beneath: $name', async (program) => {
    expect(await outputOf(program.code)).toBe(program.prints);
  });
});

/** Runs a program here, its imports given to it, and returns what it prints. */
async function outputOf(code: string): Promise<string> {
  const known: Readonly<Record<string, unknown>> = { ...gated, ...simulator };
  const target = ts.ScriptTarget.ES2022;
  const { outputText } = ts.transpileModule(code.replace(/^import .*$/gm, ''), { compilerOptions: { target } });
  const lines: string[] = [];
  const console = { log: (...said: readonly unknown[]): unknown => lines.push(said.map(String).join(' ')) };
  const names = Object.keys(known).filter((name) => name !== 'default');
  const body = `return (async () => {\n${outputText.replace(/^export /gm, '')}\n})();`;
  const run = compileFunction(body, ['console', ...names]) as (...given: unknown[]) => Promise<void>;
  await run(console, ...names.map((name) => known[name]));
  return lines.map((line) => `${line}\n`).join('');
}
