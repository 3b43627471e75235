/**
 * Records every transition of every table in a test, for `test/tools/transitions.ts`: a set per test file, appended to
 * `coverage/transitions/` at its end. Tests that change tables, or call them directly, do not count.
 */
import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, vi } from 'vitest';
import type { FactName } from '../../src/machine/facts.js';
import type * as Tables from '../../src/machine/table.js';
import type { Table } from '../../src/machine/table.js';

const noted = vi.hoisted(() => ({ rows: new Map<object, Set<string>>(), names: new Map<object, string>() }));
const PROVES_NOTHING = /mutants\.test\.ts$|machine\/table\.test\.ts$/;
const FOLDER = 'coverage/transitions';

vi.mock('../../src/machine/table.js', async (original) => {
  const tables = await original<typeof Tables>();
  const note = ({ name, rows }: Table<string>, from: string, fact: FactName): void => {
    const row = rows[from]!;
    const facts = noted.rows.get(row);
    if (facts) return void facts.add(fact);
    noted.rows.set(row, new Set([fact]));
    noted.names.set(row, `${name}\t${from}`);
  };
  const next: typeof Tables.next = (table, from, fact) => {
    const state = tables.next(table, from, fact);
    if (state !== undefined) note(table, from, fact);
    return state;
  };
  const advance: typeof Tables.advance = (thing, life, fact) => {
    const from = thing.state;
    const moved = tables.advance(thing, life, fact);
    if (moved === 'moved') note(life, from, fact);
    return moved;
  };
  return { ...tables, next, advance };
});

afterAll(() => {
  const { testPath = '' } = expect.getState();
  if (PROVES_NOTHING.test(testPath) || noted.rows.size === 0) return;
  const lines = [...noted.rows].flatMap(([row, facts]) =>
    [...facts].map((fact) => `${noted.names.get(row) ?? ''}\t${fact}\n`),
  );
  mkdirSync(FOLDER, { recursive: true });
  appendFileSync(join(FOLDER, `${process.pid}.txt`), lines.join(''));
});
