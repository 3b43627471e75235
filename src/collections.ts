/**
 * Lists, maps and sets that cost nothing while they are empty: no empty one is ever filled, so all of them can be one. An
 * engine takes some 190 bytes for a map, and a session has thirty that mostly stay empty.
 */

export const emptyList: readonly never[] = Object.freeze([]);

/** A map that entries are put into by `put()`. */
export type Entries<Key, Value> = Omit<Map<Key, Value>, 'set'>;
/** A set that members are included in by `include()`. */
export type Members<Member> = Omit<Set<Member>, 'add'>;

export const noEntries: Entries<never, never> = new Map<never, never>();
export const noMembers: Members<never> = new Set<never>();

/** A map of these entries. */
export const entriesOf = <Key, Value>(list: readonly (readonly [Key, Value])[]): Entries<Key, Value> =>
  list.length === 0 ? noEntries : new Map(list);

/** Puts an entry into a map, or into a new one in place of an empty one. Returns the map that has it. */
export function put<Key, Value>(entries: Entries<Key, Value>, key: Key, value: Value): Entries<Key, Value> {
  const own = entries.size === 0 ? new Map<Key, Value>() : (entries as Map<Key, Value>);
  return own.set(key, value);
}

/** Takes an entry out of a map. Returns the map without it. */
export function without<Key, Value>(entries: Entries<Key, Value>, key: Key): Entries<Key, Value> {
  entries.delete(key);
  return entries.size === 0 ? noEntries : entries;
}

/** A set of these members. */
export function membersOf<Member>(list: Iterable<Member>): Members<Member> {
  const own = new Set(list);
  return own.size === 0 ? noMembers : own;
}

/** Includes a member in a set, or in a new one in place of an empty one. Returns the set that has it. */
export function include<Member>(members: Members<Member>, member: Member): Members<Member> {
  const own = members.size === 0 ? new Set<Member>() : (members as Set<Member>);
  return own.add(member);
}
