import type { File } from './file.js';
import type { Finding } from './finding.js';
import { bare, calleeName, child, children, nameOf, type Node } from './node.js';
import { isCapability, isRespondOfSession } from './sessions.js';
import { dangersAt, functionAround } from './surroundings.js';

/** Decides whether a call is of a capability of ours. Type information knows this better than the source alone. */
export type IsGated = (call: Node) => boolean;

/** Finds verdicts that nobody reads. `void session.respond('nudge')` marks one as deliberately ignored. */
export function droppedVerdicts(file: File, isGated: IsGated = knownBySource(file)): readonly Finding[] {
  const dropped = file.tree.nodes.flatMap((node) => callsIn(droppedBy(file, node)).filter(isGated));
  return dropped.map((node) => ({
    rule: 'handle-verdict' as const,
    kind: 'dropped' as const,
    node,
    what: calleeName(node) ?? 'respond',
    inside: functionAround(file.tree, node),
    dangers: dangersAt(file.tree, file.values, node),
  }));
}

/** The expression whose value nobody reads: a statement's, or what a listener or a timer returns. */
function droppedBy(file: File, node: Node): Node | null {
  if (node.type === 'ExpressionStatement') return child(node, 'expression');
  if (node.type !== 'ArrowFunctionExpression' || child(node, 'body')?.type === 'BlockStatement') return null;
  const parent = file.tree.parentOf(node);
  const runs = parent?.type === 'CallExpression' && runners.has(calleeName(parent) ?? '');
  return runs && children(parent, 'arguments').includes(node) ? child(node, 'body') : null;
}
const runners: ReadonlySet<string> = new Set([
  ...['on', 'once', 'addEventListener', 'addListener', 'setTimeout', 'setInterval', 'setImmediate'],
  ...['queueMicrotask', 'nextTick', 'forEach'],
]);

/** The calls that give an expression its value. Awaiting a verdict does not read it. */
function callsIn(expression: Node | null): readonly Node[] {
  const node = bare(expression);
  switch (node?.type) {
    case 'CallExpression':
      return [node];
    case 'AwaitExpression':
      return callsIn(child(node, 'argument'));
    case 'LogicalExpression':
      return callsIn(child(node, 'right'));
    case 'ConditionalExpression':
      return [...callsIn(child(node, 'consequent')), ...callsIn(child(node, 'alternate'))];
    case 'SequenceExpression':
      return children(node, 'expressions').flatMap(callsIn);
    default:
      return [];
  }
}

/**
 * Recognises a session by its source in the same file: `openSession()`, `configure()`, a type of ours, a tool's call.
 */
export function knownBySource(file: File): IsGated {
  if (!file.text.includes('gated-realtime')) return () => false;
  return (call) => {
    const callee = bare(child(call, 'callee'));
    if (callee?.type !== 'Identifier') return isRespondOfSession(file, callee);
    const binding = file.tree.bindingOf(nameOf(callee) ?? '', callee);
    return binding !== null && isCapability(file, binding);
  };
}
