import { describe, expect, it } from 'vitest';
import { dimensions, patience, requestLife, responseLife, transcribedTurn, type Fact } from '../../src/machine/index.js';
import { move } from '../../src/machine/work.js';
import { given } from './bench.js';

type Rows = Readonly<Record<string, Readonly<Record<string, string>>>>;
const machines = Object.entries({
  ...dimensions,
  'turn, transcribed': transcribedTurn,
  request: requestLife,
  response: responseLife,
}) as unknown as readonly (readonly [string, Rows])[];

describe('the table', () => {
  it.each(machines)('of %s leads only to states that it has', (_, rows) => {
    for (const row of Object.values(rows)) {
      for (const next of Object.values(row)) expect(Object.keys(rows)).toContain(next);
    }
  });

  it.each(machines.filter(([name]) => name !== 'turn'))('of %s leads to every state from the first', (_, rows) => {
    const reached = new Set([Object.keys(rows)[0]!]);
    for (const state of reached) for (const next of Object.values(rows[state]!)) reached.add(next);
    expect([...reached].sort()).toEqual(Object.keys(rows).sort());
  });

  it('leaves as it is what a fact does not name', () => {
    const { gate } = given();
    const before = structuredClone({ ...gate, rules: undefined });
    for (const fact of ['merged', 'settled', 'resumed', 'connected', 'transcribed'] satisfies Fact[]) move(gate, fact);
    expect({ ...gate, rules: undefined }).toEqual(before);
  });

  it.each(patience)('gives $dimension: $state an end by $then', ({ dimension, state, then }) => {
    const rows: Rows = dimension === 'turn' ? transcribedTurn : dimensions[dimension];
    expect(rows[state]?.[then]).toBeDefined();
    expect(rows[state]?.[then]).not.toBe(state);
  });

  it('lets nothing but a matching echo confirm', () => {
    const facts = Object.values(dimensions.configuration as Rows).flatMap((row) =>
      Object.entries(row).flatMap(([fact, next]) => (next === 'confirmed' ? [fact] : [])),
    );
    expect(new Set(facts)).toEqual(new Set(['echo-matches']));
  });

  it('lets nobody out of the end', () => {
    expect([dimensions.connection.closed, requestLife.over, responseLife.ended]).toEqual([{}, {}, {}]);
  });
});
