import type { File } from './file.js';
import { bare, calleeName, child, children, keyOf, type Node } from './node.js';

/** A raw create on its own, with nothing that `respond()` could not express. */
export interface SoleEvent {
  /** The call, whose result is unused. */
  readonly call: Node;
  /** The source of its parameters; null: it has none. */
  readonly response: Node | null;
}

/** The keys that such an event may have. */
export const sayable: ReadonlySet<string> = new Set(['type', 'event_id', 'response']);

/** The create that a call sends, if it does nothing else. Null: it does more, or the event is built elsewhere. */
export function soleEventIn(file: File, call: Node): SoleEvent | null {
  if (call.type !== 'CallExpression' || !isStatement(file, call)) return null;
  const given = children(call, 'arguments');
  const [first] = given;
  if (!first) return isMethod(file, call) ? { call, response: null } : null;
  const event = eventIn(first);
  if (!event || given.length > 1) return null;
  const properties = children(event, 'properties');
  if (!properties.every((each) => sayable.has(keyOf(each) ?? ''))) return null;
  const response = properties.find((each) => keyOf(each) === 'response');
  return { call, response: response ? child(response, 'value') : null };
}

/** Whether a call is of a method such as `createResponse()`, which without arguments sends a bare create. */
const isMethod = (file: File, call: Node): boolean =>
  bare(child(call, 'callee'))?.type === 'MemberExpression' && file.values.calledIn(call) === null;

function isStatement(file: File, call: Node): boolean {
  const parent = file.tree.parentOf(call);
  const outer = parent?.type === 'AwaitExpression' ? file.tree.parentOf(parent) : parent;
  return outer?.type === 'ExpressionStatement';
}

/** The event object in a call's argument, as such or inside `JSON.stringify()`. */
function eventIn(given: Node): Node | null {
  const node = bare(given);
  if (node?.type === 'ObjectExpression') return node;
  if (node?.type !== 'CallExpression' || calleeName(node) !== 'stringify') return null;
  const [inner, ...more] = children(node, 'arguments');
  return inner && more.length === 0 ? eventIn(inner) : null;
}
