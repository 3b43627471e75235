import { expect, it } from 'vitest';
import { given } from './bench.js';

type Collection = Map<unknown, unknown> | Set<unknown>;

const collectionsIn = (value: unknown): readonly Collection[] => {
  if (value instanceof Map || value instanceof Set) return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(collectionsIn) : [];
};

it('an idle session shares its empty maps and sets with all others', () => {
  const empty = collectionsIn(given().session).filter(({ size }) => size === 0);
  const inAnother = new Set(collectionsIn(given().session));
  expect(empty.length).toBeGreaterThan(10);
  expect(empty.filter((each) => !inAnother.has(each))).toEqual([]);
});

it('a session that has something in them shares it with none', () => {
  const [one, other] = [given(), given()];
  one.speaks('greeting', 'resp_1');
  expect(one.session.responses.open.size).toBe(1);
  expect(other.session.responses.open.size).toBe(0);
  const inOther = new Set(collectionsIn(other.session));
  expect(collectionsIn(one.session).filter((each) => each.size > 0 && inOther.has(each))).toEqual([]);
});
