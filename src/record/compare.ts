import { isRecord, listOf } from '../machine/index.js';
import type { Came } from './format.js';

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

/**
 * What a redacted step did, as far as it can be compared: an item that tells what was said is put together of pieces, and
 * each of them was replaced by itself. Of its text the shape is left.
 */
export function inShape({ frames, notices, commands }: Came): Came {
  const command = (each: unknown): unknown => (isRecord(each) ? { ...each, frame: itemInShape(each['frame']) } : each);
  return {
    frames: frames.map(itemInShape) as Came['frames'],
    notices,
    commands: commands.map(command) as Came['commands'],
  };
}

function itemInShape(frame: unknown): unknown {
  if (!isRecord(frame) || frame['type'] !== 'conversation.item.create' || !isRecord(frame['item'])) return frame;
  const { item } = frame;
  if (!isRecord(item) || item['content'] === undefined) return frame;
  return { ...frame, item: { ...item, content: listOf(item['content']).map(partInShape) } };
}

const partInShape = (part: unknown): unknown =>
  isRecord(part) && typeof part['text'] === 'string' ? { ...part, text: shapeOf(part['text']) } : part;

const shapeOf = (text: string): string =>
  text
    .replaceAll(/\s/gu, '')
    .replaceAll(/\p{N}/gu, '0')
    .replaceAll(/[\p{L}\p{M}]/gu, 'a');
