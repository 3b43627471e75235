import type { File } from './file.js';
import { bare, child, children, isFunction, keyOf, type Node, only } from './node.js';

/** Adds every node that these expressions contain or refer to. Nodes already seen are not followed again. */
export function addReached(seen: Set<Node>, file: File, expressions: readonly Node[]): void {
  const pending = [...expressions];
  for (let node = pending.pop(); node; node = pending.pop()) {
    const inner = bare(node);
    if (!inner || seen.has(inner)) continue;
    seen.add(inner);
    // Pushed one by one, because a list of a hundred thousand is too long for a call's arguments.
    for (const each of behind(file, inner)) pending.push(each);
  }
}

function behind(file: File, node: Node): readonly Node[] {
  switch (node.type) {
    case 'Identifier': {
      const binding = file.tree.bindingOf(node['name'] as string, node);
      if (!binding) return [];
      const { values, properties, taken, declaration } = binding;
      const objects = taken.map(({ object }) => object);
      return [...values, ...objects, ...[...properties.values()].flat(), ...loopSources(file, declaration)];
    }
    case 'CallExpression':
    case 'NewExpression': {
      const called = file.values.calledIn(node);
      const callee = bare(child(node, 'callee'));
      return [
        ...children(node, 'arguments'),
        ...(called ? [called] : []),
        ...only(callee, 'object'),
        ...(node.type === 'NewExpression' && callee?.type === 'Identifier' ? [callee] : []),
      ];
    }
    case 'MemberExpression':
      return [...only(node, 'object'), ...memberNodes(file, node)];
    default:
      return file.tree.childrenOf(node);
  }
}

function memberNodes(file: File, node: Node): readonly Node[] {
  if (child(node, 'object')?.type !== 'ThisExpression') return [];
  for (const each of file.tree.around(node)) {
    if (each.type === 'ClassBody') return children(each, 'body').filter((member) => keyOf(member) === keyOf(node));
  }
  return [];
}

function loopSources(file: File, declaration: Node): readonly Node[] {
  const parent = file.tree.parentOf(declaration);
  if (parent?.type === 'ForOfStatement') return only(parent, 'right');
  const callee = parent?.type === 'CallExpression' ? bare(child(parent, 'callee')) : null;
  return isFunction(declaration) && callee?.type === 'MemberExpression' ? only(callee, 'object') : [];
}
