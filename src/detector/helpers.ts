import type { File } from './file.js';
import { bare, child, children, isA, keyOf, nameOf, type Node } from './node.js';

/**
 * Whether a call such as `say('response.create')` names the type to a function of this file that builds the event and
 * sends it.
 */
export function namesTypeToHelper(file: File, call: Node, type: string, seen: ReadonlySet<Node> = new Set()): boolean {
  const called = file.values.calledIn(call);
  if (!called || seen.has(called)) return false;
  const params = children(called, 'params').map((each) =>
    nameOf(isA(each, 'AssignmentPattern') ? child(each, 'left') : each),
  );
  return children(call, 'arguments').some((each, at) => {
    const name = params[at];
    return typeof name === 'string' && file.values.stringsOf(each).has(type) && usesAsType(file, called, name, seen);
  });
}

function usesAsType(file: File, called: Node, name: string, seen: ReadonlySet<Node>): boolean {
  const isIt = (node: Node | null): boolean =>
    node !== null &&
    nameOf(node) === name &&
    node.type === 'Identifier' &&
    file.tree.bindingOf(name, node)?.declaration === called;
  return file.tree.inside(called).some((node) => {
    if (isA(node, 'Property', 'ObjectProperty')) return keyOf(node) === 'type' && isIt(bare(child(node, 'value')));
    if (node.type !== 'CallExpression') return false;
    const at = children(node, 'arguments').findIndex((each) => isIt(bare(each)));
    return at >= 0 && handsOn(file, node, at, new Set(seen).add(called));
  });
}

/** Whether a function passes the type on to another helper. */
function handsOn(file: File, call: Node, at: number, seen: ReadonlySet<Node>): boolean {
  const called = file.values.calledIn(call);
  if (!called || seen.has(called)) return false;
  const name = nameOf(children(called, 'params')[at] ?? null);
  return name !== null && usesAsType(file, called, name, seen);
}
