import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileFunction } from 'node:vm';
import ts from 'typescript';
import { beforeAll, describe, expect, test } from 'vitest';
import { simulate } from 'gated-realtime/simulator';
import type { Complaint } from '../tools/compilers.js';
import { pages, upToDate } from '../tools/diagram.js';
import { root } from '../tools/packed.js';
import { complaintsAbout } from './examples.js';

const readme = readFileSync(join(root, 'README.md'), 'utf8');

test.each(pages)('what is generated in %s is what the tables say: `npm run docs` writes it', (page) => {
  const text = readFileSync(page, 'utf8');
  expect(text).toContain(': generated -->');
  expect(upToDate(text)).toBe(text);
});

const blocksIn = (text: string): string[] => [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code]) => code!);
const [opening, rest] = readme.split('## Two commands') as [string, string];
const first = blocksIn(opening).join('');
const blocks = blocksIn(rest);

/** What the program around a block would have: whatever a block declares or imports itself comes before it. */
const surroundings = `
import type * as Pattern from 'ts-pattern';
import type * as Sdk from 'openai';
import type * as Vitest from 'vitest';
import type * as Zod from 'zod';
import type * as Gated from 'gated-realtime';
import type * as GatedWs from 'gated-realtime/ws';
declare global {
  const AzureOpenAI: typeof Sdk.AzureOpenAI;
  const match: typeof Pattern.match;
  const z: typeof Zod.z;
  const test: typeof Vitest.test;
  const expect: typeof Vitest.expect;
  const { tool, userMessage, sessionParameters }: typeof Gated;
  const { connect, openSession }: typeof GatedWs;
  type Respond<Purpose extends string> = Gated.Respond<Purpose>;
  const session: Gated.ConfirmedSession<'greeting' | 'alarm' | 'answer' | 'classify' | 'transfer'>;
  const salesPlan: Gated.SessionPlan<'greeting'>;
  const plan: Gated.SessionPlan<'greeting', readonly [], never>;
  const refund: Gated.Tool<'refund'>;
  const azure: { readonly endpoint: string; readonly apiVersion: string };
  const speaker: { write(bytes: Uint8Array): void };
  const operator: { ask(args: unknown): Promise<string> };
  const carrier: { transfer(): Promise<void> };
  const operators: { hasTaken(callId: string): boolean };
  const office: { isOpen(): boolean };
  const leads: { save(name: string, phone: string): Promise<void> };
  const button: Record<'onPress' | 'onRelease', (run: () => void) => void>;
  const callId: string;
  const model: string;
  const BILLING: string;
}
`;

/** A part of a plan in a plan; what is left out, filled in. */
function program(block: string): string {
  const whole = /^\w+: /.test(block) ? `({\n${block}}) satisfies import('gated-realtime').SessionPlan;` : block;
  return whole.replace('{ … }', '{ ...azure }');
}

/** The errors that a block shows, by line: \`// ~~~ words\` under what is wrong. What is left out before them is `…`. */
const shownIn = (block: string): { line: number; words: string }[] =>
  block.split('\n').flatMap((text, line) => {
    const [, words] = /^\/\/ +~+ (?:… )?(.*)$/.exec(text) ?? [];
    return words === undefined ? [] : [{ line, words }];
  });

describe("README's programs", () => {
  let complaints: Complaint[];
  const files = new Map([['first.ts', first], ...blocks.map((block, at) => [`block-${at}.ts`, block] as const)]);
  const of = (file: string): Complaint[] => complaints.filter((each) => each.file === file);

  beforeAll(async () => {
    const programs = new Map([...files].map(([name, block]) => [name, program(block)]));
    complaints = await complaintsAbout(programs, surroundings);
  }, 120_000);

  test('are found', () => {
    expect(blocks.length).toBeGreaterThan(10);
    expect(shownIn(first)).toHaveLength(3);
  });

  test('stand in surroundings that compile', () => {
    expect(complaints.filter(({ file }) => !files.has(file))).toEqual([]);
  });

  test('written wrong do not compile, in the words that it shows, and otherwise do', () => {
    const shown = shownIn(first);
    expect(of('first.ts').map(({ line }) => line)).toEqual(shown.map(({ line }) => line));
    for (const [at, { words }] of shown.entries()) expect(of('first.ts')[at]!.text).toContain(words);
  });

  test.each(blocks.map((block, at) => [block.split('\n')[0]!, at] as const))('compile: %s', (_, at) => {
    expect(of(`block-${at}.ts`).map(({ line, text }) => `${line}: ${text}`)).toEqual([]);
  });
});

test("README's test of an agent passes", async () => {
  const block = blocks.find((each) => each.includes('simulate('))!;
  const target = ts.ScriptTarget.ES2022;
  const { outputText } = ts.transpileModule(block.replace(/^import .*$/m, ''), { compilerOptions: { target } });
  const run = compileFunction(outputText, ['simulate', 'salesPlan', 'test', 'expect']) as (...given: unknown[]) => void;
  const tests: Promise<void>[] = [];
  const gather = (_: string, body: () => Promise<void>): unknown => tests.push(body());
  run(simulate, { purposes: ['greeting'] }, gather, expect);
  expect(tests).toHaveLength(1);
  await Promise.all(tests);
});
