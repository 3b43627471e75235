/** Reads one field of what nobody vouches for: an own one, or undefined. */
export const field = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined;

/** Reads a number of tokens. What cannot be one (negative, null, no number, beyond counting) counts as 0. */
export function tokens(value: unknown, key: string): number {
  const count = field(value, key);
  if (typeof count !== 'number' || !Number.isSafeInteger(Math.floor(count))) return 0;
  return Math.max(0, Math.floor(count));
}
