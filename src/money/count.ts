/** Reads an own field of an untrusted value; otherwise undefined. */
export const field = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined;

/** Reads a number of tokens. An impossible value (negative, null, not a number, not a safe integer) counts as 0. */
export function tokens(value: unknown, key: string): number {
  const count = field(value, key);
  if (typeof count !== 'number' || !Number.isSafeInteger(Math.floor(count))) return 0;
  return Math.max(0, Math.floor(count));
}
