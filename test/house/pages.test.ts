/**
 * The README and the pages: their programs are complete, compile, run, and print the output below them; their links
 * lead somewhere.
 */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { parseScript } from 'gated-realtime/simulator';
import type { Complaint } from '../tools/compilers.js';
import { root } from '../tools/packed.js';
import { blocksIn, codeOf, lastBegins, pages, type Program, programsIn, readPage } from '../guide/programs.js';
import { outputsOf } from '../guide/run.js';
import { complaintsAbout } from './examples.js';

/** Pages that quote single statements or settings, which are measured or tested elsewhere. */
const quoting: ReadonlySet<string> = new Set([
  ...['docs/bypasses.md', 'docs/diagnostics.md', 'docs/through-the-gate.md', 'docs/typescript.md'],
]);

const programs = pages.flatMap((page) => programsIn(page, readPage(page)));
const right = programs.filter(({ refusals }) => refusals.length === 0);
const wrong = programs.filter(({ refusals }) => refusals.length > 0);
const titled = (some: readonly Program[]): readonly (readonly [string, Program])[] =>
  some.map((program) => [`${program.page}:${program.blocks.at(-1)!.line}`, program] as const);

describe('the programs of the pages', () => {
  let complaints: Complaint[];
  const about = ({ name }: Program): Complaint[] => complaints.filter(({ file }) => file === name);
  beforeAll(async () => {
    complaints = await complaintsAbout(new Map(programs.map((each) => [each.name, codeOf(each)])), '');
  }, 120_000);

  test('are found', () => {
    expect(right.length).toBeGreaterThan(30);
    expect(wrong.length).toBeGreaterThan(3);
  });

  test.each(titled(right))('compile: %s', (_, program) => {
    expect(about(program).map(({ line, text }) => `${line}: ${text}`)).toEqual([]);
  });

  test.each(titled(wrong))('written wrong do not compile, in the words that are shown: %s', (_, program) => {
    const begins = lastBegins(program);
    expect(about(program).map(({ line }) => line)).toEqual(program.refusals.map(({ line }) => begins + line - 1));
    for (const [at, { words }] of program.refusals.entries()) expect(about(program)[at]!.text).toContain(words);
  });

  test.each(titled(right))('run, and print what stands beneath them: %s', async (_, program) => {
    const outputs = await outputsOf(program);
    for (const [at, { prints }] of program.blocks.entries()) if (prints !== null) expect(outputs[at]).toBe(prints);
  });
});

describe('the scripts of the pages', () => {
  const scripts = pages.flatMap((page) =>
    [...readPage(page).matchAll(/^```json\n(\{\n  "(?:steps|server|faults)":.*?)^```$/gms)].map(([, text]) => text!),
  );

  test('are right', () => {
    expect(scripts.length).toBeGreaterThan(1);
    for (const text of scripts) expect(() => parseScript(text)).not.toThrow();
  });
});

describe.each(pages.filter((page) => !quoting.has(page)))('%s', (page) => {
  test('has no block that is neither a whole program nor says which one it continues', () => {
    const parts = blocksIn(readPage(page)).filter(({ kind }) => kind === 'part');
    expect(parts.map(({ line, code }) => `${line}: ${code.slice(0, code.indexOf('\n'))}`)).toEqual([]);
  });
});

describe.each(pages)('%s', (page) => {
  test('links to files that are there, and to headings that they have', () => {
    const links = [...readPage(page).matchAll(/\]\((?!\w+:)([^)\s]*)\)/g)].map(([, link]) => link!);
    expect(links.filter((link) => !leads(page, link))).toEqual([]);
  });
});

function leads(page: string, link: string): boolean {
  const [path, heading] = link.split('#') as [string, string?];
  const target = path === '' ? page : join(dirname(page), path);
  if (!existsSync(join(root, target))) return false;
  return heading === undefined || headingsOf(readPage(target)).has(heading);
}

/** The anchors of headings, as code hosts name them. */
const headingsOf = (text: string): ReadonlySet<string> =>
  new Set(
    [...text.matchAll(/^#+ (.*)$/gm)].map(([, words]) =>
      words!
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}_ -]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
