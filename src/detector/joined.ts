import { children, type Node } from './node.js';

export type Strings = ReadonlySet<string>;

export const none: Strings = new Set();
export const union = (sets: readonly Strings[]): Strings => new Set(sets.flatMap((each) => [...each]));

/** Every combination of one string from each part. Bounded: a name with too many values is not worth following. */
export function joined(parts: readonly Strings[], between = ''): Strings {
  let made: readonly string[] | null = null;
  for (const part of parts) {
    made = made === null ? [...part] : made.flatMap((begin) => [...part].map((end) => begin + between + end));
    if (made.length > MOST) return none;
  }
  return new Set(made ?? []);
}
const MOST = 64;

/** The event types in a JSON text. */
export function eventsInText(written: string): Strings {
  if (!/^\s*[[{]/.test(written)) return none;
  const type = /"type"\s*:\s*"([^"]*)"/.exec(written)?.[1];
  return type === undefined ? none : new Set([type]);
}

/** The possible values of a template; unknown parts become U+FFFD. */
export function template(node: Node, into: (each: Node | null) => Strings): Strings {
  const quasis = children(node, 'quasis').map((each) => {
    const value = each['value'] as { readonly cooked?: string | null } | undefined;
    return new Set([value?.cooked ?? '']);
  });
  const between = children(node, 'expressions').map((each) => {
    const known = into(each);
    return known.size > 0 ? known : new Set(['\u{fffd}']);
  });
  return joined(quasis.flatMap((each, at) => [each, ...(between[at] ? [between[at]] : [])]));
}
