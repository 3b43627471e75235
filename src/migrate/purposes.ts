import { children, type Node, nameOf, spanOf } from '../detector/node.js';
import type { Edit } from './edits.js';
import { lineEnd } from './lines.js';

/** A purpose by the function that asks: `Agent.checkSilence` is `check-silence`, `on('open')` is `on-open`. */
export function purposeNamed(inside: string | null, path: string): string {
  const file = /([^/\\]+?)(\.\w+)*$/.exec(path)?.[1] ?? '';
  const name = inside === null ? file : inside.replace(/^[\w$]+\.(?=[\w$#]+$)/, '');
  return kebab(name) || kebab(file) || 'response';
}

const kebab = (name: string): string =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');

/** Adds to a plan's `purposes` those that are not there yet. Null: there is nothing to add. */
export function declaring(text: string, list: Node, purposes: Iterable<string>): Edit | null {
  const elements = children(list, 'elements');
  const known = new Set(elements.map(nameOf));
  const missing = [...new Set(purposes)].filter((each) => !known.has(each)).sort();
  if (missing.length === 0) return null;
  const last = elements.at(-1);
  if (!last) return insertion(spanOf(list)[0] + 1, missing.map((each) => `'${each}'`).join(', '));
  const [start, end] = spanOf(last);
  const quote = text[start] === '"' ? '"' : "'";
  const lead = leadOf(text, list, start);
  return insertion(end, missing.map((each) => `,${lead}${quote}${each}${quote}`).join(''));
}

const insertion = (at: number, text: string): Edit => ({ start: at, end: at, text });

/** What stands before each element: a line of its own where the last has one. */
function leadOf(text: string, list: Node, last: number): string {
  const before = /(\r?\n[ \t]*)$/.exec(text.slice(spanOf(list)[0] + 1, last));
  // A comment after the last element stays with it, and what follows it would be taken in.
  return before?.[1] !== undefined && lineEnd(text, last) < spanOf(list)[1] ? before[1] : ' ';
}
