import { children, type Node, nameOf, spanOf } from '../detector/node.js';
import type { Edit } from './edits.js';
import { lineEnd } from './lines.js';

/** Adds missing purposes to a plan's `purposes`. */
export function declaring(text: string, list: Node, purposes: Iterable<string>): readonly Edit[] {
  const elements = children(list, 'elements');
  const known = new Set(elements.map(nameOf));
  const missing = [...new Set(purposes)].filter((each) => !known.has(each)).sort();
  const last = elements.at(-1);
  if (missing.length === 0) return [];
  if (!last) return [insertion(spanOf(list)[0] + 1, missing.map((each) => `'${each}'`).join(', '))];
  const quote = text[spanOf(last)[0]] === '"' ? '"' : "'";
  const written = missing.map((each) => `${quote}${each}${quote}`);
  return onLines(text, list, last, written) ?? [insertion(spanOf(last)[1], `, ${written.join(', ')}`)];
}

const insertion = (at: number, text: string): Edit => ({ start: at, end: at, text });

/**
 * Puts each purpose on a line of its own, if the last one has one, and keeps a comment beside that. Null: it has none.
 */
function onLines(text: string, list: Node, last: Node, written: readonly string[]): readonly Edit[] | null {
  const [start, end] = spanOf(last);
  const lead = /\r?\n[ \t]*$/.exec(text.slice(spanOf(list)[0] + 1, start))?.[0];
  const at = lineEnd(text, end);
  const beside = /^(\s*,)?[ \t]*(\/\/.*|\/\*[^*]*\*\/[ \t]*)?$/.exec(text.slice(end, at));
  if (lead === undefined || !beside || at >= spanOf(list)[1]) return null;
  const comma = beside[1] === undefined ? [insertion(end, ',')] : [];
  const ending = beside[1] === undefined ? '' : ',';
  return [...comma, insertion(at, written.map((each) => `${lead}${each}`).join(',') + ending)];
}
