import type { File, Finding } from '../detector/index.js';
import { bare, calleeName, child, children, isA, keyOf, type Node, spanOf } from '../detector/node.js';
import { mayHoldComment } from './lines.js';

/** A raw create of which every part is understood, so that it can be replaced. */
export interface Create {
  /** The expression to replace, with its `await`. */
  readonly expression: Node;
  /** Its statement; null if an arrow function returns it. */
  readonly statement: Node | null;
  /** The event object; null if a method builds the event. */
  readonly event: Node | null;
  readonly response: Node | null;
}

const wrapping = ['AwaitExpression', 'ChainExpression', 'ParenthesizedExpression', 'TSNonNullExpression'];
const sending = /^_?(safe_?)?send(_?\w+)?$/i;

/** The parts of a raw create, or why it cannot be taken apart, as a clause for its mark. */
export function shapeOf(file: File, { node, kind }: Finding): Create | string {
  if (kind === 'built') return 'the event is built here, and sent elsewhere';
  const expression = wholeOf(file, node);
  const parent = file.tree.parentOf(expression);
  const isArrow = parent?.type === 'ArrowFunctionExpression' && child(parent, 'body') === expression;
  if (!isA(parent, 'ExpressionStatement') && !isArrow) return 'its value is used';
  const place = { expression, statement: isArrow ? null : parent };
  const given = children(node, 'arguments');
  if (kind === 'method') {
    if (given.length > 0) return 'it is given arguments';
    return commentsIn(file, spanOf(expression)) ?? { ...place, event: null, response: null };
  }
  if (!sending.test(calleeName(node) ?? ''))
    return `what \`${calleeName(node) ?? 'the call'}\` does with it is not known`;
  const event = given.length === 1 ? eventIn(given[0] ?? null) : null;
  if (!event) return 'the event is not written out in the call';
  return partsOf(file, event) ?? { ...place, event, response: propertyOf(event, 'response') };
}

export const propertyOf = (object: Node, key: string): Node | null =>
  children(object, 'properties').find((each) => keyOf(each) === key) ?? null;

function wholeOf(file: File, call: Node): Node {
  let whole = call;
  for (const each of file.tree.around(call)) {
    if (each !== call && !wrapping.includes(each.type) && !isVoid(each)) break;
    whole = each;
  }
  return whole;
}
const isVoid = (node: Node): boolean => node.type === 'UnaryExpression' && node['operator'] === 'void';

/** The event object in `send({ … })` and in `send(JSON.stringify({ … }))`. */
export function eventIn(given: Node | null): Node | null {
  const node = bare(given);
  if (node?.type === 'ObjectExpression') return node;
  if (node?.type !== 'CallExpression' || calleeName(node) !== 'stringify') return null;
  const [first, ...more] = children(node, 'arguments');
  const inner = bare(first ?? null);
  return inner?.type === 'ObjectExpression' && more.length === 0 ? inner : null;
}

/** Why the event or its surroundings cannot be carried over; null: they can. */
function partsOf(file: File, event: Node): string | null {
  for (const each of children(event, 'properties')) {
    const key = isA(each, 'Property', 'ObjectProperty') && each['computed'] !== true ? keyOf(each) : null;
    if (key !== 'type' && key !== 'response') return `the event has more than its type and response`;
    if (each['method'] === true || each['shorthand'] === true) return `its ${key} is not written out`;
  }
  const call =
    [...file.tree.around(event)].find((each) => each.type === 'ExpressionStatement' || isArrow(each)) ?? event;
  const [from, to] = spanOf(isArrow(call) ? (child(call, 'body') ?? call) : call);
  const [start, end] = spanOf(event);
  return commentsIn(file, [from, start]) ?? commentsIn(file, [end, to]);
}
const isArrow = (node: Node): boolean => node.type === 'ArrowFunctionExpression';

const commentsIn = ({ text }: File, [start, end]: readonly [number, number]): string | null =>
  mayHoldComment(text.slice(start, end)) ? 'a comment stands in the middle of it' : null;
