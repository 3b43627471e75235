import type { Node } from '../../detector/index.js';
import { expressionOf } from './expressions.js';
import { type Py, splitBy } from './syntax.js';

/** `x = y = value`, as a declaration for each name and an assignment for each member. */
export function assignedIn(node: Py, text: string): readonly Node[] {
  const kept = node.children.filter(({ name }) => name !== 'TypeDef');
  const sign = node.name === 'UpdateStatement' ? 'UpdateOp' : 'AssignOp';
  const parts = splitBy(kept, sign).map((part) => part.filter(({ name }) => name !== ','));
  const given = parts.at(-1) ?? [];
  if (parts.length < 2) return [];
  const [only] = given;
  const value: Node =
    given.length === 1 && only
      ? expressionOf(only, text)
      : {
          type: 'ArrayExpression',
          start: node.from,
          end: node.to,
          elements: given.map((each) => expressionOf(each, text)),
        };
  const [first, ...others] = parts.slice(0, -1);
  return [
    ...targets(first ?? [], value, node, text),
    ...others.flatMap((each) => targets(each, nameOnly(first, text), node, text)),
  ];
}

/** The value of a further name in `x = y = value`: the first name. */
function nameOnly(first: readonly Py[] | undefined, text: string): Node | null {
  const [target] = first ?? [];
  return target ? expressionOf(target, text) : null;
}

function targets(part: readonly Py[], value: Node | null, node: Py, text: string): readonly Node[] {
  const span = { start: node.from, end: node.to };
  const [target] = part;
  if (part.length === 1 && target && target.name !== 'VariableName') {
    const left = expressionOf(target, text);
    const expression = { type: 'AssignmentExpression', ...span, operator: '=', left, right: value };
    return [{ type: 'ExpressionStatement', ...span, expression }];
  }
  // Several names are each declared; which value each gets is not followed.
  const declarations = part.map((each, at) => ({
    ...{ type: 'VariableDeclarator', ...span, id: expressionOf(each, text) },
    init: at === 0 ? value : null,
  }));
  return [{ type: 'VariableDeclaration', kind: 'var', ...span, declarations }];
}
