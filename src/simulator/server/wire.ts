/** What travels as JSON. The simulated server speaks in plain data, nulls included, exactly as the wire has it. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [key: string]: Json;
}

/** One event of the server, ready to be sent. */
export interface ServerFrame extends JsonObject {
  readonly type: string;
}

/** One event of the client, parsed, its `type` known to be a string. */
export interface ClientFrame extends JsonObject {
  readonly type: string;
}

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const isArray = (value: unknown): value is readonly Json[] => Array.isArray(value);

export const textOr = <Other>(value: Json | undefined, other: Other): string | Other =>
  typeof value === 'string' ? value : other;

/** A copy that shares nothing with its original. */
export function copy<Value extends Json>(value: Value): Value {
  if (typeof value !== 'object' || value === null) return value;
  if (isArray(value)) return value.map((each) => copy(each)) as Json as Value;
  const pairs = Object.entries(value).map(([key, each]) => [key, copy(each)]);
  return Object.fromEntries(pairs) as Json as Value;
}

/** The object at a path; empty where there is none. */
export function under(value: JsonObject, ...path: string[]): JsonObject {
  let at: JsonObject = value;
  for (const key of path) {
    const next = at[key];
    if (!isObject(next)) return {};
    at = next;
  }
  return at;
}
