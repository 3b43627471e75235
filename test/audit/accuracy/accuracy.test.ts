import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type CodeBase, codeBases, countsOf, precision, recall } from './list.js';

const document = readFileSync(new URL('../../../docs/audit-accuracy.md', import.meta.url), 'utf8');
const prose = document.replace(/\s+/g, ' ');
const rows = document.split('\n').filter((line) => line.startsWith('|'));
const cellsOf = (row: string): readonly string[] =>
  row
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());

const never = codeBases.filter(({ seen }) => seen === 'never');
const whileFixing = codeBases.filter(({ seen }) => seen === 'while fixing');
const written = (count: number): string => count.toLocaleString('en-US');
const figuresOf = (bases: readonly CodeBase[]): readonly string[] => {
  const { found, missed, false: wrong } = countsOf(bases, 'first');
  const files = bases.reduce((sum, each) => sum + each.files, 0);
  return [files, found, missed, wrong].map(written);
};

describe('the figures of docs/audit-accuracy.md', () => {
  it.each(codeBases.map((each) => [each.repository, each] as const))('are those of the list for %s', (name, base) => {
    const [row = ''] = rows.filter((each) => cellsOf(each)[0]?.split(' ')[0] === name);
    expect(cellsOf(row).slice(1)).toEqual([
      `\`${base.commit}\``,
      ...(base.language === undefined ? [] : [base.language]),
      ...figuresOf([base]),
    ]);
  });

  it('add up', () => {
    const sums = rows.map(cellsOf).filter(([name]) => name === '**together**');
    expect(sums.map((cells) => cells.filter((cell) => cell !== '').slice(1))).toEqual([
      figuresOf(never),
      figuresOf(whileFixing),
    ]);
  });

  it('list no code base that is not in the list', () => {
    expect(rows.filter((row) => /`[\da-f]{10}`/.test(row))).toHaveLength(codeBases.length);
  });

  it('make the precision and the recall', () => {
    const first = countsOf(never, 'first');
    const right = first.found - first.false;
    expect(prose).toContain(
      `**Precision ${precision(first)} (${right} of ${first.found}), recall ${recall(first)} (${right} of ${right + first.missed}).**`,
    );
  });

  it('make those of today', () => {
    const now = countsOf(codeBases, 'now');
    const right = now.found - now.false;
    expect(prose).toContain(
      `finds ${now.found} places, ${right} of them rightly, and misses ${now.missed}: precision ${precision(now)}, recall ${recall(now)}.`,
    );
  });
});

describe('the list', () => {
  it('names each place once', () => {
    const named = codeBases.flatMap(({ repository, places }) =>
      places.map(({ path, line }) => `${repository} ${path}:${line}`),
    );
    expect(new Set(named).size).toBe(named.length);
  });

  it('calls only false places left alone', () => {
    const left = codeBases.flatMap(({ places }) => places.filter(({ now }) => now === 'left alone'));
    expect(left.map(({ first }) => first)).toEqual(left.map(() => 'false'));
  });
});
