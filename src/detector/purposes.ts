import type { File } from './file.js';
import { bare, child, children, isA, keyOf, nameOf, type Node } from './node.js';
import { functionAround } from './surroundings.js';

/** Verbs in the names of functions that ask for responses; the other words name the purpose. */
const verbs: ReadonlySet<string> = new Set(
  `send ask request create trigger handle on do say make start emit play run raw response responses
  event message the a for with caller user async maybe speak give and to it now main init open connect
  new generate respond reply`.split(/\s+/),
);

/**
 * The purpose of the response requested here: a declared one that the enclosing function is named after, or else the
 * rest of that function's name. Null: the name says nothing.
 */
export function purposeAt(file: File, node: Node): string | null {
  const words = wordsOf(functionAround(file.tree, node)?.split('.').at(-1) ?? '');
  const declared = declaredPurposes(file);
  const meant = declared.find((each) => each.split('-').every((word) => words.some((other) => isAlike(word, other))));
  if (meant !== undefined) return meant;
  const telling = words.filter((word) => !verbs.has(word));
  return telling.length === 0 || telling.length > 3 ? null : telling.join('-');
}

/**
 * The purpose for generated code, which needs one: if the function's name says nothing, that name itself, or
 * `response`.
 */
export const purposeFor = (file: File, node: Node): string =>
  purposeAt(file, node) ?? (wordsIn(ownName(file, node)).join('-') || 'response');

/**
 * The last part of the enclosing function's name, such as `checkSilence` of `Agent.checkSilence`; for a listener,
 * `on('open')`.
 */
const ownName = (file: File, node: Node): string =>
  (functionAround(file.tree, node) ?? '').replace(/^[\w$]+\.(?=[\w$#]+$)/, '');

/**
 * The words of a name: `sendGreeting` → `send`, `greeting`. A listener has none, because its event names no purpose.
 */
const wordsOf = (name: string): readonly string[] => (/[^\w$]/.test(name) ? [] : wordsIn(name));

const wordsIn = (name: string): readonly string[] =>
  (name.match(/[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+/g) ?? []).map((word) => word.toLowerCase());

/** Whether two words differ only in their endings, as `greet` and `greeting`, or `nudges` and `nudge`. */
function isAlike(one: string, other: string): boolean {
  const stem = (word: string): string => word.replace(/(?:ings?|e?s|ed|e)$/, '');
  return stem(one) === stem(other);
}

/** The purposes declared in the file: `purposes: ['greeting', 'nudge']`, or a constant list. */
function declaredPurposes(file: File): readonly string[] {
  return file.tree.nodes.flatMap((node) => {
    if (!isA(node, 'Property', 'ObjectProperty') || keyOf(node) !== 'purposes') return [];
    const written = bare(child(node, 'value'));
    const named = written?.type === 'Identifier' ? file.tree.bindingOf(nameOf(written) ?? '', written) : null;
    const lists = named ? named.values : [written];
    return lists.flatMap((list) => children(bare(list), 'elements').flatMap((each) => nameOf(bare(each)) ?? []));
  });
}
