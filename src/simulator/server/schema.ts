import type { Json } from './wire.js';
import { isArray, isObject } from './wire.js';

/** A rule that a value must meet. */
export type Rule =
  | { readonly is: 'anything' }
  /** `id`: letters, digits, underscores and dashes only. */
  | { readonly is: 'string'; readonly atMost?: number; readonly made?: 'id' }
  | { readonly is: 'boolean' }
  | { readonly is: 'number'; readonly from?: number; readonly to?: number; readonly whole?: true }
  | { readonly is: 'one-of'; readonly values: readonly (string | number)[] }
  | { readonly is: 'list'; readonly of: Rule }
  | { readonly is: 'record'; readonly pairs: number; readonly key: number; readonly value: number }
  | { readonly is: 'object'; readonly keys: Readonly<Record<string, Rule>>; readonly required?: readonly string[] }
  /** The rule that the value's `type` names. */
  | { readonly is: 'kind'; readonly rules: Readonly<Record<string, Rule>> }
  /** One of several rules. An object is checked by the one for objects, any other value by the last. */
  | { readonly is: 'either'; readonly rules: readonly Rule[] };

export interface Complaint {
  readonly code: string;
  readonly message: string;
  readonly param: string | null;
  /** `unnamed`: the error does not name the client's event. */
  readonly culprit?: 'unnamed';
  /** The values that would be right, where they can be listed. */
  readonly right?: readonly (string | number)[];
}

/** The first complaint about `value`, or null. `path` is in the wire's notation: `session.audio.input`. */
export function check(rule: Rule, value: Json, path: string): Complaint | null {
  switch (rule.is) {
    case 'anything':
      return null;
    case 'string':
      return checkString(rule.atMost, value, path) ?? checkMade(rule.made, value, path);
    case 'boolean':
      return typeof value === 'boolean' ? null : wrongType(path, 'a boolean', value);
    case 'number':
      return checkNumber(rule, value, path);
    case 'one-of':
      return (typeof value === 'string' || typeof value === 'number') && rule.values.includes(value)
        ? null
        : invalidValue(path, value, rule.values);
    case 'list':
      return checkList(rule.of, value, path);
    case 'record':
      return checkRecord(rule, value, path);
    case 'object':
      return checkObject(rule, value, path);
    case 'kind':
      return checkByKind(rule.rules, value, path);
    case 'either':
      return checkEither(rule.rules, value, path);
  }
}

export const nothing: Rule = { is: 'one-of', values: [] };
export const nullable = (rule: Rule): Rule => ({ is: 'either', rules: [nothing, rule] });

export const missing = (path: string): Complaint => ({
  code: 'missing_required_parameter',
  message: `Missing required parameter: '${path}'.`,
  param: path,
});

export const unknownParameter = (path: string, known: readonly string[] = []): Complaint => ({
  code: 'unknown_parameter',
  message: `Unknown parameter: '${path}'.`,
  param: path,
  right: known,
});

export function invalidValue(path: string, value: Json, supported: readonly (string | number)[]): Complaint {
  const list = supported.map((each) => (typeof each === 'string' ? `'${each}'` : String(each)));
  const last = list.pop() ?? '';
  const said = typeof value === 'string' ? `'${value.slice(0, 100)}'` : nameOf(value);
  return {
    code: 'invalid_value',
    message: `Invalid value: ${said}. Supported values are: ${list.length > 0 ? `${list.join(', ')}, and ` : ''}${last}.`,
    param: path,
    right: supported,
  };
}

const wrongType = (path: string, expected: string, value: Json): Complaint => ({
  code: 'invalid_type',
  message: `Invalid type for '${path}': expected ${expected}, but got ${nameOf(value)} instead.`,
  param: path,
});

function nameOf(value: Json): string {
  if (value === null) return 'null';
  if (isArray(value)) return 'an array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'an integer' : 'a decimal number';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

function checkString(atMost: number | undefined, value: Json, path: string): Complaint | null {
  if (typeof value !== 'string') return wrongType(path, 'a string', value);
  if (atMost === undefined || value.length <= atMost) return null;
  return {
    code: 'string_above_max_length',
    message: `Invalid '${path}': string too long. Expected a string with maximum length ${atMost}, but got a string with length ${value.length} instead.`,
    param: path,
  };
}

function checkMade(made: 'id' | undefined, value: Json, path: string): Complaint | null {
  if (made === undefined || typeof value !== 'string' || /^[A-Za-z0-9_-]*$/.test(value)) return null;
  return {
    code: 'invalid_value',
    message: `Invalid '${path}': '${value}'. Expected an ID that contains letters, numbers, underscores, or dashes, but this value contained additional characters.`,
    param: path,
  };
}

export const aboveMost = (path: string, value: number, most: number): Complaint => ({
  code: 'invalid_value',
  message: `Invalid '${path}': expected a value of at most ${most}, but got ${value} instead.`,
  param: path,
});

function checkNumber(rule: Extract<Rule, { is: 'number' }>, value: Json, path: string): Complaint | null {
  if (typeof value !== 'number') return wrongType(path, rule.whole ? 'an integer' : 'a number', value);
  if (rule.whole && !Number.isInteger(value)) return wrongType(path, 'an integer', value);
  const { from = -Infinity, to = Infinity } = rule;
  if (value > to) return aboveMost(path, value, to);
  if (value >= from) return null;
  return {
    code: 'invalid_value',
    message: `Invalid '${path}': expected a value of at least ${from}, but got ${value} instead.`,
    param: path,
  };
}

function checkList(of: Rule, value: Json, path: string): Complaint | null {
  if (!isArray(value)) return wrongType(path, 'an array', value);
  for (const [index, each] of value.entries()) {
    const complaint = check(of, each, `${path}[${index}]`);
    if (complaint) return complaint;
  }
  return null;
}

function checkRecord(rule: Extract<Rule, { is: 'record' }>, value: Json, path: string): Complaint | null {
  if (!isObject(value)) return wrongType(path, 'an object', value);
  const pairs = Object.entries(value);
  if (pairs.length > rule.pairs) {
    return {
      code: 'object_above_max_properties',
      message: `Invalid '${path}': too many properties. Expected an object with at most ${rule.pairs} properties, but got an object with ${pairs.length} properties instead.`,
      param: path,
    };
  }
  for (const [key, each] of pairs) {
    const complaint =
      checkString(rule.key, key, `${path}.${key.slice(0, 20)}`) ?? checkString(rule.value, each, `${path}.${key}`);
    if (complaint) return complaint;
  }
  return null;
}

function checkObject(rule: Extract<Rule, { is: 'object' }>, value: Json, path: string): Complaint | null {
  if (!isObject(value)) return wrongType(path, 'an object', value);
  const under = (key: string) => (path === '' ? key : `${path}.${key}`);
  for (const key of rule.required ?? []) if (!Object.hasOwn(value, key)) return missing(under(key));
  for (const [key, each] of Object.entries(value)) {
    const expected = Object.hasOwn(rule.keys, key) ? rule.keys[key] : undefined;
    if (expected === undefined) return unknownParameter(under(key), Object.keys(rule.keys));
    const complaint = check(expected, each, under(key));
    if (complaint) return complaint;
  }
  return null;
}

function checkEither(rules: readonly Rule[], value: Json, path: string): Complaint | null {
  let complaint: Complaint | null = null;
  for (const rule of rules) {
    if (rule === nothing && value === null) return null;
    if (rule === nothing) continue;
    complaint = check(rule, value, path);
    if (complaint === null || (isObject(value) && (rule.is === 'object' || rule.is === 'kind'))) return complaint;
  }
  return complaint;
}

/** Checks an object by the rule that its `type` (or another key) names. */
export function checkByKind(
  rules: Readonly<Record<string, Rule>>,
  value: Json,
  path: string,
  key = 'type',
): Complaint | null {
  if (!isObject(value)) return wrongType(path, 'an object', value);
  const kind = value[key];
  if (kind === undefined) return missing(`${path}.${key}`);
  const rule = typeof kind === 'string' && Object.hasOwn(rules, kind) ? rules[kind] : undefined;
  return rule ? check(rule, value, path) : invalidValue(`${path}.${key}`, kind, Object.keys(rules));
}
