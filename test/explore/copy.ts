/** A copy of plain data, maps and sets, to be changed on its own. What nobody changes is shared. */
export function copy<Value>(value: Value, shared: ReadonlySet<string>): Value {
  return copyOf(value, shared) as Value;
}

function copyOf(value: unknown, shared: ReadonlySet<string>): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((each) => copyOf(each, shared));
  if (value instanceof Map) return new Map(Array.from(value, ([key, each]) => [key, copyOf(each, shared)]));
  if (value instanceof Set) return new Set(value);
  const made: Record<string, unknown> = {};
  for (const key in value) {
    const each = (value as Record<string, unknown>)[key];
    made[key] = shared.has(key) ? each : copyOf(each, shared);
  }
  return made;
}
