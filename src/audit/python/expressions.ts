import type { Node } from '../../detector/index.js';
import { callOf } from './calls.js';
import { comprehensionOf } from './comprehensions.js';
import { percentOf } from './formats.js';
import { stringOf } from './literals.js';
import { parametersOf } from './parameters.js';
import { inner, type Py, splitBy } from './syntax.js';

/**
 * Translates a Python expression to JavaScript. One without an equivalent keeps its parts, so that calls in it are
 * found.
 */
export function expressionOf(node: Py, text: string): Node {
  const into = (each: Py): Node => expressionOf(each, text);
  const span = { start: node.from, end: node.to };
  const written = text.slice(node.from, node.to);
  const parts = inner(node);
  switch (node.name) {
    case 'VariableName':
      return written === 'self' || written === 'cls'
        ? { type: 'ThisExpression', ...span, name: written }
        : { type: 'Identifier', ...span, name: written };
    case 'String':
    case 'FormatString':
    case 'ContinuedString':
      return stringOf(node, text, into);
    case 'Number':
      return { type: 'Literal', ...span, value: Number(written.replaceAll('_', '')) };
    case 'Boolean':
      return { type: 'Literal', ...span, value: written === 'True' };
    case 'ParenthesizedExpression':
      return parts[0] ? into(parts[0]) : { type: 'Literal', ...span, value: null };
    case 'DictionaryExpression':
      return { type: 'ObjectExpression', ...span, properties: propertiesOf(parts, text) };
    case 'ArrayExpression':
    case 'TupleExpression':
    case 'SetExpression':
      return { type: 'ArrayExpression', ...span, elements: parts.filter(({ name }) => name !== ',').map(into) };
    case 'CallExpression':
      return callOf(node, text, into);
    case 'MemberExpression':
      return memberOf(node, text);
    case 'AwaitExpression':
      return { type: 'AwaitExpression', ...span, argument: last(node, text) };
    case 'BinaryExpression':
      return binaryOf(node, text);
    case 'UnaryExpression':
      return node.children[0]?.name === 'not'
        ? denied(last(node, text))
        : { type: 'PythonUnaryExpression', ...span, parts: parts.map(into) };
    case 'ConditionalExpression':
      return conditionalOf(node, text);
    case 'NamedExpression':
      return { type: 'AssignmentExpression', ...span, operator: '=', left: first(node, text), right: last(node, text) };
    case 'LambdaExpression':
      return { type: 'ArrowFunctionExpression', ...span, params: parametersOf(node, text), body: last(node, text) };
    case 'ArrayComprehensionExpression':
    case 'SetComprehensionExpression':
    case 'DictionaryComprehensionExpression':
    case 'ComprehensionExpression':
      return comprehensionOf(parts, into);
    default:
      return { type: `Python${node.name}`, ...span, parts: node.children.map(into) };
  }
}

const nothing = ({ from, to }: Py): Node => ({ type: 'Literal', start: from, end: to, value: null });
const first = (node: Py, text: string): Node =>
  node.children[0] ? expressionOf(node.children[0], text) : nothing(node);
const last = (node: Py, text: string): Node => {
  const found = node.children.at(-1);
  return found ? expressionOf(found, text) : nothing(node);
};

function propertiesOf(parts: readonly Py[], text: string): readonly Node[] {
  return splitBy(parts, ',').flatMap((item): readonly Node[] => {
    const [key, sign, value] = item;
    if (!key || !sign) return [];
    const span = { start: key.from, end: (value ?? sign).to };
    if (key.name === '**') return [{ type: 'SpreadElement', ...span, argument: expressionOf(sign, text) }];
    if (!value) return [];
    const named = expressionOf(key, text);
    const isPlain = named.type === 'Literal';
    return [{ type: 'Property', ...span, computed: !isPlain, key: named, value: expressionOf(value, text) }];
  });
}

/** `a.b` and `a["b"]`. The `.value` of an enumeration's member is the member itself. */
function memberOf(node: Py, text: string): Node {
  const [object, sign, key] = node.children;
  if (!object || !sign || !key) return first(node, text);
  const span = { start: node.from, end: node.to };
  const from = expressionOf(object, text);
  if (sign.name === '[') {
    return { type: 'MemberExpression', ...span, computed: true, object: from, property: expressionOf(key, text) };
  }
  const name = text.slice(key.from, key.to);
  if (
    name === 'value' &&
    object.name === 'MemberExpression' &&
    /\.[A-Z][A-Z\d_]*$/.test(text.slice(object.from, object.to))
  ) {
    return from;
  }
  const property = { type: 'Identifier', name, start: key.from, end: key.to };
  return { type: 'MemberExpression', ...span, computed: false, object: from, property };
}

function binaryOf(node: Py, text: string): Node {
  const [left, sign, next] = node.children;
  const right = node.children.at(-1);
  const span = { start: node.from, end: node.to };
  if (!left || !sign || !right) return first(node, text);
  // `a not in b` means `not (a in b)`.
  if (sign.name === 'not' && next) {
    return denied(binaryOf({ ...node, children: node.children.filter((each) => each !== sign) }, text));
  }
  const operator = text.slice(sign.from, sign.to);
  const operands = { left: expressionOf(left, text), right: expressionOf(right, text) };
  const formatted = operator === '%' ? percentOf(operands.left, operands.right) : null;
  if (formatted) return { ...formatted, ...span };
  // `a | b` merges dictionaries.
  if (['and', 'or', '|'].includes(operator)) return { type: 'LogicalExpression', ...span, operator, ...operands };
  if (operator !== 'in' || operands.right.type !== 'ArrayExpression') {
    return { type: 'BinaryExpression', ...span, operator, ...operands };
  }
  const choices = operands.right['elements'] as readonly Node[];
  const compared = choices.map((choice): Node => ({
    type: 'BinaryExpression',
    ...span,
    operator: '==',
    left: operands.left,
    right: choice,
  }));
  const any = (one: Node, other: Node): Node => ({
    ...{ type: 'LogicalExpression', ...span },
    ...{ operator: '||', left: one, right: other },
  });
  return compared.length > 0 ? compared.reduce(any) : operands.left;
}

const denied = (argument: Node): Node => ({
  ...{ type: 'UnaryExpression', operator: '!', prefix: true, argument },
  ...{ start: argument['start'], end: argument['end'] },
});

/** `a if test else b`. */
function conditionalOf(node: Py, text: string): Node {
  const [consequent, , test, , alternate] = node.children;
  if (!consequent || !test || !alternate) return first(node, text);
  const into = (each: Py): Node => expressionOf(each, text);
  const parts = { consequent: into(consequent), test: into(test), alternate: into(alternate) };
  return { type: 'ConditionalExpression', start: node.from, end: node.to, ...parts };
}
