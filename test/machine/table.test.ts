import { describe, expect, it } from 'vitest';
import { deadlines, dimensions, lives, machines, type FactName } from '../../src/machine/index.js';
import { advance, table } from '../../src/machine/table.js';

type Rows = Readonly<Record<string, Readonly<Record<string, string>>>>;
interface Plain {
  readonly name: string;
  readonly first: string;
  readonly rows: Rows;
}
const tables = Object.values<Plain>({ ...dimensions, ...lives }).map((each) => [each.name, each] as const);
const factsOf = (rows: Rows): readonly string[] => Object.values(rows).flatMap((row) => Object.keys(row));

describe('the table', () => {
  it.each(tables)('of %s leads only to states that it has', (_, { rows }) => {
    for (const row of Object.values(rows)) {
      for (const next of Object.values(row)) expect(Object.keys(rows)).toContain(next);
    }
  });

  it.each(tables)('of %s leads to every state from the first', (_, { first, rows }) => {
    const reached = new Set([first]);
    for (const state of reached) for (const next of Object.values(rows[state]!)) reached.add(next);
    expect([...reached].sort()).toEqual(Object.keys(rows).sort());
  });

  it.each(tables)('of %s bears the name that the index gives it', (name) => {
    expect(Object.keys({ ...dimensions, ...lives })).toContain(name);
  });

  it.each(deadlines)('gives $dimension: $state an end by $then', ({ dimension, state, then }) => {
    const rows = dimensions[dimension].rows as Rows;
    expect(rows[state]?.[then]).toBeDefined();
    expect(rows[state]?.[then]).not.toBe(state);
  });

  it('has at least one state', () => {
    expect(() => table('empty', {})).toThrow("The table 'empty' has no state.");
  });

  it('says whether a fact has moved what it is asked to move', () => {
    const door = table<'shut' | 'open'>('door', { shut: { named: 'open' }, open: {} });
    const thing = { state: door.first };
    expect([advance(thing, door, 'named'), thing.state]).toEqual(['moved', 'open']);
    expect([advance(thing, door, 'named'), thing.state]).toEqual(['unmoved', 'open']);
  });

  it('lets nothing but a matching echo confirm', () => {
    const facts = Object.values(dimensions.configuration.rows as Rows).flatMap((row) =>
      Object.entries(row).flatMap(([fact, next]) => (next === 'confirmed' ? [fact] : [])),
    );
    expect(new Set(facts)).toEqual(new Set(['echo-matches']));
  });

  it('lets nobody out of the end', () => {
    const ends = [
      dimensions.connection.rows.closed,
      dimensions.hangup.rows.ended,
      dimensions.leg.rows.ended,
      lives.request.rows.over,
      lives.response.rows.ended,
      lives.call.rows.over,
      lives.round.rows.over,
      lives.attempt.rows.over,
    ];
    expect(ends).toEqual(ends.map(() => ({})));
  });

  it('moves each dimension that a lost connection takes with it', () => {
    const moved = Object.entries(dimensions).flatMap(([name, { rows }]) =>
      factsOf(rows as Rows).includes('gone' satisfies FactName) ? [name] : [],
    );
    expect(moved).toEqual([
      'connection',
      'voice',
      'button',
      'transcript',
      'input',
      'automatic',
      'playback',
      'hangup',
      'lease',
      'restore',
      'meanwhile',
      'retired',
    ]);
  });
});

describe('the index', () => {
  it('has every dimension in exactly one of the small machines', () => {
    const owned = machines.flatMap(({ tables: own }) => Object.keys(own));
    expect(owned.sort()).toEqual(Object.keys(dimensions).sort());
  });

  it('has each small machine that waits for something do what is due', () => {
    for (const { dueAt, watchesAt, onTick } of machines) {
      expect(Boolean(dueAt ?? watchesAt)).toBe(Boolean(onTick));
    }
  });
});
