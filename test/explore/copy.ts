/** A copy of plain data, maps and sets, to be changed on its own: what is one thing stays one. What nobody changes is shared. */
export const copy = <Value>(value: Value, shared: ReadonlySet<string>): Value =>
  copyOf(value, shared, new Map()) as Value;

function copyOf(value: unknown, shared: ReadonlySet<string>, made: Map<object, unknown>): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const known = made.get(value);
  if (known !== undefined) return known;
  if (Array.isArray(value)) return value.map((each) => copyOf(each, shared, made));
  if (value instanceof Map) return new Map(Array.from(value, ([key, each]) => [key, copyOf(each, shared, made)]));
  if (value instanceof Set) return new Set(value);
  const object: Record<string, unknown> = {};
  made.set(value, object);
  for (const key in value) {
    const each = (value as Record<string, unknown>)[key];
    object[key] = shared.has(key) ? each : copyOf(each, shared, made);
  }
  return object;
}
