import { eventsBehind } from './conditions.js';
import { type Danger, eventDangers, nameDangers } from './dangers.js';
import { isLine } from './lines.js';
import { bare, calleeName, child, children, isFunction, keyOf, nameOf, type Node, ownerOf } from './node.js';
import type { Tree } from './tree.js';
import type { Values } from './values.js';
import { spaced } from './words.js';

/** Nodes that write a tool's output, and all nodes around them, up to the function. */
export function outputsIn(tree: Tree): ReadonlySet<Node> {
  const around = new Set<Node>();
  for (const node of tree.nodes) {
    if (keyOf(node) !== 'type' || nameOf(child(node, 'value')) !== 'function_call_output') continue;
    for (const each of tree.around(node)) {
      if (isFunction(each) || around.has(each)) break;
      around.add(each);
    }
  }
  return around;
}

/** The statements of a block, each with the dangers that earlier statements cause. */
export function dangersInTurn(
  values: Values,
  outputs: ReadonlySet<Node>,
  statements: readonly Node[],
): readonly (readonly [Node, readonly Danger[]])[] {
  const opensAt = statements.findLastIndex(opensAgain);
  let before: readonly Danger[] = [];
  return statements.map((statement, at) => {
    const so = before;
    const left = at === opensAt ? so.filter((each) => each !== 'after hang-up') : so;
    const isReconnect = at < opensAt && closes(statement);
    const more = isReconnect ? [] : dangersBehind(values, outputs, statement).filter((each) => !left.includes(each));
    before = more.length > 0 ? [...left, ...new Set(more)] : left;
    return [statement, so] as const;
  });
}

/** Whether a statement calls `connect()` after a `disconnect()`. */
const opensAgain = (statement: Node): boolean => {
  const call = callIn(statement);
  return call !== null && /^a?(re)?connect\b|^open\b|^dial\b/.test(spaced(calleeName(call) ?? ''));
};

/** Whether a call, such as `disconnect()` or `ws.close()`, ends a connection, but not yet the call. */
function closes(statement: Node): boolean {
  const call = callIn(statement);
  return call !== null && isClose(call);
}

const isClose = (call: Node): boolean =>
  /^(close|end|disconnect|terminate)$/.test(spaced(calleeName(call) ?? '')) &&
  isLine(ownerOf(bare(child(call, 'callee'))));

function dangersBehind(values: Values, outputs: ReadonlySet<Node>, statement: Node): readonly Danger[] {
  const events = eventsBehind(values, statement).flatMap(eventDangers);
  if (outputs.has(statement)) return [...events, 'tool handler'];
  const call = callIn(statement);
  return call ? [...events, ...dangersBehindCall(values, call)] : events;
}

function callIn(statement: Node): Node | null {
  const expression = bare(child(statement, 'expression'));
  const inner = expression?.type === 'AwaitExpression' ? bare(child(expression, 'argument')) : expression;
  return inner?.type === 'CallExpression' ? inner : null;
}

function dangersBehindCall(values: Values, call: Node): readonly Danger[] {
  const name = spaced(calleeName(call) ?? '');
  if (/^(hang ?up|end ?call)\b/.test(name)) return ['after hang-up'];
  if (isClose(call)) return ['after hang-up'];
  if (/\b(output|result)s?$/.test(name)) return nameDangers(name).filter((each) => each === 'tool handler');
  const given = children(call, 'arguments').flatMap((each) => [...values.eventsOf(each)]);
  return given.includes('function_call_output') ? ['tool handler'] : [];
}
