/** JSON values. The simulated server works with plain data, nulls included, exactly as on the wire. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [key: string]: Json;
}

/** One server event, ready to be sent. */
export interface ServerFrame extends JsonObject {
  readonly type: string;
}

/** One client event, parsed, with a `type` that is a string. */
export interface ClientFrame extends JsonObject {
  readonly type: string;
}

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const isArray = (value: unknown): value is readonly Json[] => Array.isArray(value);

export const textOr = <Other>(value: Json | undefined, other: Other): string | Other =>
  typeof value === 'string' ? value : other;

/** A deep copy. */
export function copy<Value extends Json>(value: Value): Value {
  if (typeof value !== 'object' || value === null) return value;
  if (isArray(value)) return value.map((each) => copy(each)) as Json as Value;
  const made: Record<string, Json> = { ...value };
  for (const key of Object.keys(made)) made[key] = copy(made[key] ?? null);
  return made as Json as Value;
}

/** The object at a path; empty if there is none. */
export function under(value: JsonObject, ...path: string[]): JsonObject {
  let at: JsonObject = value;
  for (const key of path) {
    const next = at[key];
    if (!isObject(next)) return {};
    at = next;
  }
  return at;
}
