import { bare, calleeName, child, children, isFunction, keyOf, nameOf, type Node } from './node.js';
import { listeners } from './registrations.js';
import type { Tree } from './tree.js';

/** The name of the enclosing function: `Agent.handleTool`, `on('open')`. Null: the module itself. */
export function functionAround(tree: Tree, node: Node): string | null {
  for (const each of tree.around(node)) {
    const name = isFunction(each) ? functionName(tree, each) : null;
    if (name !== null) return name;
  }
  return null;
}

export function functionName(tree: Tree, declared: Node): string | null {
  const own = nameOf(child(declared, 'id'));
  if (own !== null) return own;
  const parent = tree.parentOf(declared);
  switch (parent?.type) {
    case 'VariableDeclarator':
      return nameOf(child(parent, 'id'));
    case 'AssignmentExpression': {
      const left = bare(child(parent, 'left'));
      return left?.type === 'MemberExpression' ? keyOf(left) : nameOf(left);
    }
    case 'Property':
    case 'ObjectProperty':
      return keyOf(parent);
    case 'MethodDefinition':
    case 'PropertyDefinition': {
      const owner = nameOf(child(tree.parentOf(tree.parentOf(parent) ?? parent), 'id'));
      return owner === null ? keyOf(parent) : `${owner}.${keyOf(parent) ?? '…'}`;
    }
    case 'CallExpression': {
      const [first] = children(parent, 'arguments');
      const event = first ? nameOf(first) : null;
      return listeners.has(calleeName(parent) ?? '') && event !== null && first !== declared ? `on('${event}')` : null;
    }
    default:
      return null;
  }
}
