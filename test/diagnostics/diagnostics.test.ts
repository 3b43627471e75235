import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { everyCompiler } from '../tools/compilers.js';
import { openWorkshop, type Workshop } from '../tools/packed.js';
import type { Hover } from './editor.js';
import { mistakes, readMistake } from './mistakes.js';
import { firstLines, measure, type Measured, page, pageOf } from './page.js';
import { completions, doors, offThePage, onThePage } from './subjects.js';

let workshop: Workshop;
let measured: Measured;
beforeAll(async () => {
  workshop = await openWorkshop();
  measured = await measure(workshop);
});
afterAll(() => workshop.dispose());

it('docs/diagnostics.md is what is measured: `npm run build && npm run docs` writes it', async () => {
  expect(await pageOf(measured)).toBe(readFileSync(page, 'utf8'));
});

describe.each(everyCompiler)('%s', (compiler) => {
  it.each(mistakes)('refuses, and in no other statement: $file', (mistake) => {
    const lines = measured.refusals.of(mistake, compiler).map(({ line }) => line);
    expect(lines).not.toEqual([]);
    expect(lines.filter((line) => line < mistake.lines.first || line > mistake.lines.last)).toEqual([]);
  });
});

it('no compiler complains of anything else', () => {
  expect(measured.refusals.others).toEqual([]);
});

it.each(mistakes)('says nothing of any, or why it must: $file', (mistake) => {
  const lines = firstLines(mistake, measured.refusals).map(({ line }) => line);
  if (mistake.why === null) expect(lines.join('\n')).not.toMatch(/\bany\b|This expression is not callable/);
});

describe('an editor', () => {
  it.each([...onThePage, ...offThePage])('says what each member is for, and shows no any: $name', ({ type }) => {
    expectWords(measured.editor.hoversOf(type));
  });

  it.each(doors)('says what each export is for, and shows no any: %s', (door) => {
    expectWords(measured.editor.exportsOf(door));
  });

  it.each(completions)('completes what the user may write, and nothing of ours inside: $code', (place) => {
    const offered = measured.editor.completionsIn(place);
    for (const name of place.offers) expect(offered).toContain(name);
    for (const name of place.withholds ?? []) expect(offered).not.toContain(name);
    expect(offered.filter((name) => /^_|unsendable|issuedBySession|advice/i.test(name))).toEqual([]);
  });
});

function expectWords(hovers: ReadonlyMap<string, Hover>): void {
  expect(hovers.size).toBeGreaterThan(0);
  const names = (picked: (hover: Hover) => boolean): readonly string[] =>
    [...hovers].filter(([, hover]) => picked(hover)).map(([name]) => name);
  expect(names(({ doc }) => doc === '')).toEqual([]);
  expect(names(({ signature }) => signature === '' || /\bany\b/.test(signature))).toEqual([]);
}

describe('a mistake', () => {
  const wrong = '/** Title. */\nf();\n\n// wrong:\ng(\n  1,\n);\n';

  it('is the one statement that is marked', () => {
    const read = readMistake('area/name.ts', wrong);
    expect(read).toMatchObject({ area: 'area', title: 'Title.', why: null, statement: 'g(\n  1,\n);' });
    expect(read.lines).toEqual({ first: 5, last: 7 });
  });

  it('says why its first line is no better', () => {
    const text = wrong.replace('/** Title. */', '/**\n * Title.\n *\n * Why: it is\n * so.\n */');
    expect(readMistake('area/name.ts', text)).toMatchObject({ title: 'Title.', why: 'it is so.' });
  });

  it.each([wrong.replace('/** Title. */\n', ''), wrong.replace('// wrong:', ''), `${wrong}\n// wrong:\nh();\n`])(
    'has a title and one statement: %j',
    (text) => {
      expect(() => readMistake('area/name.ts', text)).toThrow('area/name.ts');
    },
  );
});
