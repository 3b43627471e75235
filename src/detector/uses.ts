import { child, isA, isFunction, type Node } from './node.js';
import type { Tree } from './tree.js';
import type { Values } from './values.js';

/** For each named function of the file: where it is called, passed on, or put into a table. */
export function usesOf(tree: Tree, values: Values): ReadonlyMap<Node, readonly Node[]> {
  const uses = new Map<Node, Node[]>();
  for (const node of tree.nodes) {
    if (!isA(node, 'Identifier', 'MemberExpression') || isDeclared(tree, node)) continue;
    const named = values.functionAt(node);
    if (!named) continue;
    const known = uses.get(named);
    if (known) known.push(node);
    else uses.set(named, [node]);
  }
  return uses;
}

/** Whether a name is declared here: as a function, a variable, a parameter or a property. */
function isDeclared(tree: Tree, node: Node): boolean {
  const parent = tree.parentOf(node);
  if (!parent) return true;
  if (isFunction(parent)) return child(parent, 'body') !== node;
  switch (parent.type) {
    case 'MemberExpression':
      return child(parent, 'property') === node && parent['computed'] !== true;
    case 'Property':
    case 'ObjectProperty':
    case 'PropertyDefinition':
    case 'MethodDefinition':
      return child(parent, 'key') === node && child(parent, 'value') !== node && parent['computed'] !== true;
    case 'VariableDeclarator':
    case 'ClassDeclaration':
      return child(parent, 'id') === node;
    case 'AssignmentExpression':
    case 'AssignmentPattern':
      return child(parent, 'left') === node;
    default:
      return false;
  }
}
