import { children, child, nameOf, type Node } from './node.js';

/** What a parameter stands for while the call of its function is looked into. */
export type Given = ReadonlyMap<Node, ReadonlyMap<string, Node>>;

/** The parameters of a function that have a name, and what it is called with. */
export function passedTo(called: Node, call: Node): ReadonlyMap<string, Node> {
  const passed = new Map<string, Node>();
  for (const [at, param] of children(called, 'params').entries()) {
    const name = nameOf(param.type === 'AssignmentPattern' ? child(param, 'left') : param);
    const value = children(call, 'arguments')[at];
    if (name !== null && value) passed.set(name, value);
  }
  return passed;
}

export function without(params: Given, declaration: Node): Given {
  const fewer = new Map(params);
  fewer.delete(declaration);
  return fewer;
}
