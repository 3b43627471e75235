import { children, child, nameOf, type Node } from './node.js';

/** The arguments that parameters stand for, while a call's function is analysed. */
export type Given = ReadonlyMap<Node, ReadonlyMap<string, Node>>;

/** A function's named parameters, with their arguments in this call. */
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
