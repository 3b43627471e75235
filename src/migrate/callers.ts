import type { File } from '../detector/index.js';
import { bare, child, isA, keyOf, type Node, nameOf } from '../detector/node.js';
import { bindingOf } from './resolve.js';

/** The calls of a function of this file. Null: the function is passed on, so unknown code may call it with anything. */
export function callsOf(file: File, called: Node): readonly Node[] | null {
  const parent = file.tree.parentOf(called);
  if (parent?.type === 'CallExpression' && bare(child(parent, 'callee')) === called) return [parent];
  if (parent?.type === 'MethodDefinition') {
    const owner = file.tree.parentOf(file.tree.parentOf(parent) ?? parent);
    return parent['kind'] === 'constructor' ? constructionsOf(file, owner) : callsOfMethod(file, keyOf(parent));
  }
  const name = parent?.type === 'VariableDeclarator' ? child(parent, 'id') : child(called, 'id');
  return name ? callsOfName(file, name, 'CallExpression') : null;
}

const constructionsOf = (file: File, owner: Node | null): readonly Node[] | null => {
  const name = child(owner, 'id');
  return name ? callsOfName(file, name, 'NewExpression') : null;
};

/** The calls by name, provided that every other use of the name is an export or a type. */
function callsOfName(file: File, name: Node, type: string): readonly Node[] | null {
  const binding = bindingOf(file, name);
  const uses = file.tree.nodes.filter(
    (each) => each !== name && isUse(file, each, nameOf(name)) && bindingOf(file, each) === binding,
  );
  return callsIn(file, uses, type);
}

function callsIn(file: File, uses: readonly Node[], type: string): readonly Node[] | null {
  const calls: Node[] = [];
  for (const use of uses) {
    const parent = parentPastCasts(file, use);
    if (parent?.type === type && bare(child(parent, 'callee')) === use) calls.push(parent);
    else if (!parent || !/^(TS|Export)/.test(parent.type)) return null;
  }
  return calls;
}

function parentPastCasts(file: File, node: Node): Node | null {
  for (const each of file.tree.around(node)) if (bare(each) !== node) return each;
  return null;
}

/** Whether an identifier stands for the value, and is no key of an object, class or member. */
function isUse(file: File, node: Node, name: string | null): boolean {
  if (node.type !== 'Identifier' || nameOf(node) !== name) return false;
  const parent = file.tree.parentOf(node);
  const isKey = child(parent, 'property') === node || child(parent, 'key') === node;
  return !isKey || parent?.['computed'] === true || parent?.['shorthand'] === true;
}

/** The calls of any member with that name, on any object. */
function callsOfMethod(file: File, key: string | null): readonly Node[] | null {
  if (key === null) return null;
  const uses = file.tree.nodes.filter((each) => isA(each, 'MemberExpression') && keyOf(each) === key);
  return callsIn(file, uses, 'CallExpression');
}
