import type { File } from '../detector/index.js';
import { isOurs } from '../detector/modules.js';
import { bare, child, children, isA, isFunction, nameOf, type Node, text } from '../detector/node.js';
import type { Binding } from '../detector/tree.js';

export const bindingOf = (file: File, name: Node): Binding | null => file.tree.bindingOf(name['name'] as string, name);

/** The exported name, if an identifier is imported from gated-realtime. Null: it is not. */
export function importedName(file: File, name: Node | null): string | null {
  if (name?.type !== 'Identifier') return null;
  const specifier = bindingOf(file, name)?.declaration ?? null;
  const declaration = specifier && file.tree.parentOf(specifier);
  if (specifier?.type !== 'ImportSpecifier' || declaration?.type !== 'ImportDeclaration') return null;
  const source = text(child(declaration, 'source'), 'value') ?? '';
  return isOurs(source) ? nameOf(child(specifier, 'imported')) : null;
}

/** The function of ours that is called, by its exported name. */
export const ourFunction = (file: File, call: Node | null): string | null =>
  call?.type === 'CallExpression' ? importedName(file, bare(child(call, 'callee'))) : null;

/** The expression that a name stands for, through constants and functions that only return it. */
export function resolved(file: File, given: Node | null, depth = 6): Node | null {
  const node = bare(given);
  if (!node || depth === 0) return null;
  if (node.type === 'Identifier') {
    const [value, ...more] = bindingOf(file, node)?.values ?? [];
    return value && more.length === 0 ? resolved(file, value, depth - 1) : null;
  }
  if (isFunction(node)) return resolved(file, returned(node), depth - 1);
  if (node.type === 'CallExpression' && ourFunction(file, node) === null) {
    return resolved(file, file.values.calledIn(node), depth - 1);
  }
  return node;
}

/** The returned expression of a function that does nothing else. */
function returned(declared: Node): Node | null {
  const body = child(declared, 'body');
  if (!isA(body, 'BlockStatement')) return body;
  const [only, ...more] = children(body, 'body');
  return only?.type === 'ReturnStatement' && more.length === 0 ? child(only, 'argument') : null;
}
