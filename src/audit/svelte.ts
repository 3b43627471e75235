import type { Node } from '../detector/index.js';
import { composed, handlerOf, statementOf } from './compose.js';
import type { Parser } from './parsers.js';
import { unreadable } from './script.js';

/** The root of Svelte 5's tree, and Svelte 4's names for its parts. */
interface Root {
  readonly instance: { readonly content: Node } | null;
  readonly module: { readonly content: Node } | null;
  readonly fragment?: Node;
  readonly html?: Node;
}

/**
 * Reads both scripts of a component and its markup as one program. Svelte has a parser of its own for all of it.
 *
 * @throws {UnreadableError} Where it cannot be parsed.
 */
export function parseSvelte(parsers: readonly Parser[], text: string): Node {
  const parse = parsers[0]?.exports['parse'] as (text: string, options: object) => Root;
  let root: Root;
  try {
    // Replaced by a space, because removing a byte order mark would shift every offset.
    root = parse(text.replace(/^\uFEFF/, ' '), { modern: true });
  } catch (error) {
    throw unreadable(error, text);
  }
  const scripts = [root.module, root.instance].flatMap((each) => (each ? [each.content] : []));
  const markup = root.fragment ?? root.html;
  return composed(scripts, markup ? expressionsIn(markup) : []);
}

/** Node types of markup; the expressions below them are script. */
const markup =
  /(Attribute|Directive|Tag|Block|Component|Element|Fragment|Boundary)$|^(Slot|Head|Body|Window|Document|Options|Title|Text|Comment|EventHandler|Spread)$/;

function expressionsIn(node: Node, handler: string | null = null): readonly Node[] {
  if (!markup.test(node.type)) {
    const statement = /(Statement|Declaration)$/.test(node.type) ? node : statementOf(node);
    return handler === null ? [statement] : [handlerOf(handler, [statement])];
  }
  const name = handlerName(node) ?? handler;
  return Object.entries(node).flatMap(([key, value]) => {
    if (key === 'metadata' || key === 'parent') return [];
    const below: readonly unknown[] = Array.isArray(value) ? value : [value];
    return below.filter(isNode).flatMap((each) => expressionsIn(each, name));
  });
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as { readonly type?: unknown }).type === 'string';

/** The event of a handler: `onclick` in Svelte 5, `on:click` in Svelte 4. */
function handlerName({ type, name }: Node): string | null {
  if (typeof name !== 'string') return null;
  if (type === 'OnDirective' || type === 'EventHandler') return `on:${name}`;
  return type === 'Attribute' && name.startsWith('on') ? name : null;
}
