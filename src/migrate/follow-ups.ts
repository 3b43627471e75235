import type { File } from '../detector/index.js';
import { bare, calleeName, child, children, isA, isFunction, keyOf, type Node } from '../detector/node.js';
import { alwaysFollowsUp, repliesByDefault } from './plans.js';
import { bindingOf, ourFunction } from './resolve.js';
import { sessionIn } from './sessions.js';
import type { Create } from './shape.js';

/**
 * How a create belongs to a tool.
 *
 * - `runner`: the runner asks for it by itself: it can go.
 * - `parameters`, `silent`, `remark`: it stands in `run`, and says how the model is to speak, speaks after a tool that
 *   has a `reply` of its own, or speaks before the tool is done.
 * - `by hand`: it follows an output that is not provably the session's own.
 * - `none`: it has nothing to do with a tool.
 */
export type FollowUp = 'runner' | 'parameters' | 'silent' | 'remark' | 'by hand' | 'none';

export function followUpOf(file: File, node: Node, create: Create | null): FollowUp {
  const run = runAround(file, node);
  if (run) return inRun(file, run, create);
  const output = outputBefore(file, node);
  if (!output) return 'none';
  const isBare = create?.statement && !create.response && isInList(file, create.statement);
  return isBare && isAnsweredByUs(file, output) ? 'runner' : 'by hand';
}

interface Run {
  readonly definition: Node;
  readonly body: Node;
}

/** The `run` of our `tool()` around this node, even through a callback. */
function runAround(file: File, node: Node): Run | null {
  for (const each of file.tree.around(node)) {
    const property = isFunction(each) ? file.tree.parentOf(each) : null;
    if (!isA(property, 'Property', 'ObjectProperty') || keyOf(property) !== 'run') continue;
    const definition = property && file.tree.parentOf(property);
    const call = definition && file.tree.parentOf(definition);
    if (definition && ourFunction(file, call) === 'tool') return { definition, body: each };
  }
  return null;
}

function inRun(file: File, { definition, body }: Run, create: Create | null): FollowUp {
  const statement = create?.statement;
  if (!statement || nearestFunction(file, statement) !== body || !isLast(file, statement, body)) return 'remark';
  if (!repliesByDefault(definition)) return 'silent';
  if (create.response) return 'parameters';
  return isInList(file, statement) ? 'runner' : 'remark';
}

const nearestFunction = (file: File, node: Node): Node | null => [...file.tree.around(node)].find(isFunction) ?? null;

export function listAround(file: File, statement: Node): readonly Node[] {
  const parent = file.tree.parentOf(statement);
  if (isA(parent, 'BlockStatement', 'Program', 'StaticBlock')) return children(parent, 'body');
  return isA(parent, 'SwitchCase') ? children(parent, 'consequent') : [];
}
/** Whether a statement can be removed: it is not the whole branch of an `if` without braces. */
export const isInList = (file: File, statement: Node): boolean => listAround(file, statement).includes(statement);

const passing = ['BlockStatement', 'IfStatement', 'TryStatement', 'CatchClause', 'SwitchCase', 'SwitchStatement'];

/** Whether nothing but the function's end runs after a statement. */
function isLast(file: File, statement: Node, body: Node): boolean {
  for (const each of file.tree.around(statement)) {
    if (each === body) return true;
    if (each !== statement && !passing.includes(each.type)) return false;
    if (each.type === 'SwitchCase') continue;
    const list = listAround(file, each);
    const next = list[list.indexOf(each) + 1];
    if (!next || next.type === 'BreakStatement') continue;
    return isA(next, 'ReturnStatement', 'ThrowStatement') && isDone(file, child(next, 'argument'));
  }
  return false;
}

/** Whether a returned value is already computed, so that returning it runs nothing more. */
function isDone(file: File, returned: Node | null): boolean {
  if (!returned) return true;
  const pending = [returned];
  for (let node = pending.pop(); node; node = pending.pop()) {
    const isWork = isA(node, 'AwaitExpression', 'YieldExpression', 'CallExpression');
    if (isWork && !['stringify', 'String'].includes(calleeName(node) ?? '')) return false;
    if (!isFunction(node)) pending.push(...file.tree.childrenOf(node));
  }
  return true;
}

// Outputs that are sent by hand ----------------------------------------------------------------------------------------

/** The preceding call, in the same list of statements, that sends the output of a function call. */
function outputBefore(file: File, node: Node): Node | null {
  const statement = [...file.tree.around(node)].find((each) => isInList(file, each));
  if (!statement) return null;
  const list = listAround(file, statement);
  const before = list.slice(0, list.indexOf(statement)).reverse();
  for (const each of before) {
    const call = callIn(each);
    if (call && givesOutput(file, call)) return call;
  }
  return null;
}

export function callIn(statement: Node): Node | null {
  const expression = bare(child(statement, 'expression'));
  const inner = isA(expression, 'AwaitExpression', 'UnaryExpression')
    ? bare(child(expression, 'argument'))
    : expression;
  return inner?.type === 'CallExpression' ? inner : null;
}

/** Whether a call sends an output, itself or in the function of this file that it calls. */
const givesOutput = (file: File, call: Node): boolean => outputsOf(file, call).length > 0;

function outputsOf(file: File, call: Node): readonly Node[] {
  if (isOutput(file, call)) return [call];
  const called = file.values.calledIn(call);
  return called
    ? file.tree.inside(called).filter((each) => each.type === 'CallExpression' && isOutput(file, each))
    : [];
}

const isOutput = (file: File, call: Node): boolean =>
  (calleeName(call) === 'answer' && ownerIsOurs(file, call)) ||
  children(call, 'arguments').some((each) => saysOutput(file, each));

/** Whether a node contains an output, or refers to one. */
function saysOutput(file: File, node: Node, depth = 12): boolean {
  if (depth === 0 || isFunction(node)) return false;
  if (node.type === 'Literal') return String(node['value']).includes('function_call_output');
  const binding = node.type === 'Identifier' ? bindingOf(file, node) : null;
  const below = binding ? binding.values : file.tree.childrenOf(node);
  return below.some((each) => saysOutput(file, each, depth - 1));
}

const ownerOf = (call: Node): Node | null => child(bare(child(call, 'callee')), 'object');
const ownerIsOurs = (file: File, call: Node): boolean => sessionIn(file, ownerOf(call)) !== null;

/** Whether an output is sent on a session of ours, whose runner asks for a follow-up after every tool. */
const isAnsweredByUs = (file: File, output: Node): boolean =>
  outputsOf(file, output).every((each) => {
    const session = ['send', 'answer'].includes(calleeName(each) ?? '') ? sessionIn(file, ownerOf(each)) : null;
    return session !== null && alwaysFollowsUp(file, session.plan);
  });
