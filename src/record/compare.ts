import { isRecord } from '../machine/index.js';

/** Whether two JSON values are equal, apart from the order of keys. */
export const isSame = (one: unknown, other: unknown): boolean => differenceIn(one, other) === null;

/** Where two JSON values differ. */
export interface Mismatch {
  /** A path such as `frames[0].response.instructions`; empty: the whole value. */
  readonly path: string;
  readonly then: unknown;
  readonly today: unknown;
}

/** The first path at which two JSON values differ; null: they are equal. */
export function differenceIn(then: unknown, today: unknown, path = ''): Mismatch | null {
  if (Array.isArray(then) && Array.isArray(today) && then.length === today.length) {
    return first(then.keys(), (index) => differenceIn(then[index], today[index], `${path}[${index}]`));
  }
  if (isRecord(then) && isRecord(today)) {
    const keys = new Set([...Object.keys(then), ...Object.keys(today)]);
    return first(keys, (key) => differenceIn(own(then, key), own(today, key), path ? `${path}.${key}` : key));
  }
  return Object.is(then, today) ? null : { path, then, today };
}

const own = (value: Readonly<Record<string, unknown>>, key: string): unknown =>
  Object.hasOwn(value, key) ? value[key] : undefined;

function first<Key>(keys: Iterable<Key>, look: (key: Key) => Mismatch | null): Mismatch | null {
  for (const key of keys) {
    const found = look(key);
    if (found) return found;
  }
  return null;
}
