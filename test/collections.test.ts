import { expect, test } from 'vitest';
import {
  type Entries,
  entriesOf,
  include,
  type Members,
  membersOf,
  noEntries,
  noMembers,
  put,
  without,
} from '../src/collections.js';

test('no empty map or set is ever filled, so that all can be one', () => {
  const [one, other]: Entries<string, number>[] = [put(noEntries, 'a', 1), put(noEntries, 'a', 2)];
  const members: Members<string> = include(noMembers, 'a');
  expect([one, other, members]).toEqual([new Map([['a', 1]]), new Map([['a', 2]]), new Set(['a'])]);
  expect([noEntries.size, noMembers.size]).toEqual([0, 0]);
});

test('this holds for a copy of the empty one as well', () => {
  const { calls, rounds } = structuredClone({ calls: noEntries, rounds: noEntries });
  put(calls, 'a' as never, 1 as never);
  expect([calls.size, rounds.size]).toEqual([0, 0]);
});

test('what is not empty stays the same map or set', () => {
  const one: Entries<string, number> = put(noEntries, 'a', 1);
  const members: Members<string> = include(noMembers, 'a');
  expect([put(one, 'b', 2), include(members, 'b')]).toEqual([one, members]);
  expect([one.size, members.size]).toEqual([2, 2]);
});

test('a map from which the last entry is taken is the empty one again', () => {
  const one = put<string, number>(put(noEntries, 'a', 1), 'b', 2);
  expect(without(one, 'a')).toBe(one);
  expect(without(one, 'b')).toBe(noEntries);
});

test('a map or a set of nothing is the empty one', () => {
  expect(entriesOf([])).toBe(noEntries);
  expect(membersOf([])).toBe(noMembers);
  expect([entriesOf([['a', 1]]), membersOf(['a'])]).toEqual([new Map([['a', 1]]), new Set(['a'])]);
});
