import { describe, expect, it } from 'vitest';
import { dimensions, exclusions, firstRows, nameOf, rows } from './matrix.js';
import { type Exclusion, pairsIn, pairsOf, selectRows } from './pairwise.js';

describe('a pairwise selection', () => {
  const table = { colour: ['red', 'blue'], size: ['small', 'large'], shape: ['round', 'square', 'flat'] } as const;
  const never: readonly Exclusion<typeof table>[] = [
    { never: { colour: ['red'], shape: ['flat'] }, because: 'it cannot be painted' },
  ];

  it('brings together every two values that can meet, and none that cannot', () => {
    const met = new Set(selectRows(table, never, []).flatMap(pairsIn));
    expect(met).toEqual(pairsOf(table, never));
    expect(met.size).toBe(2 * 2 + (2 * 3 - 1) + 2 * 3);
  });

  it('takes fewer rows than there are, and those that are given first', () => {
    const given = { colour: 'blue', size: 'large', shape: 'flat' } as const;
    const selected = selectRows(table, never, [given]);
    expect(selected[0]).toBe(given);
    expect(selected.length).toBeLessThan(10);
  });

  it('is the same every time', () => {
    expect(selectRows(table, never, [])).toEqual(selectRows(table, never, []));
  });

  it('says which value goes with none', () => {
    const impossible: readonly Exclusion<typeof table>[] = [
      { never: { colour: ['red'], size: ['small', 'large'] }, because: 'there is no red' },
    ];
    expect(() => selectRows(table, impossible, [])).toThrow('No size goes with red, round.');
  });
});

describe("the consumers' rows", () => {
  it('bring together every two settings that can meet, and none that cannot', () => {
    expect(new Set(rows.flatMap(pairsIn))).toEqual(pairsOf(dimensions, exclusions));
  });

  it('are about thirty, each another, those of `npm test` first', () => {
    expect(rows.length).toBeLessThan(36);
    expect(new Set(rows.map(nameOf)).size).toBe(rows.length);
    expect(rows.slice(0, firstRows.length)).toEqual(firstRows);
  });
});
