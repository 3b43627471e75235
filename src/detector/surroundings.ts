import { bare, calleeName, child, children, isA, isFunction, keyOf, nameOf, type Node } from './node.js';
import type { Tree } from './tree.js';
import type { Values } from './values.js';

/** Where a raw call stands, and so what it goes around, the most dangerous first. */
export const dangers = {
  'after hang-up': 'hangup-pending: it speaks, and costs, while the call is being ended',
  'tool handler': 'response-active and user-speaking: it interrupts whoever speaks once the tool is done',
  'error handler': 'response-active and loop: it asks again, in the middle of what went wrong',
  'before confirmation': 'unconfirmed: the session is not yet the one that was asked for',
  timer: 'user-speaking and response-active: a timer knows neither',
  'user turn': 'response-imminent: the server is about to answer that turn by itself',
  elsewhere: 'every guard',
} as const;
export type Danger = keyof typeof dangers;

/** The name of the function that a node stands in, outwards: `Agent.handleTool`, `on('open')`. Null: the module itself. */
export function functionAround(tree: Tree, node: Node): string | null {
  for (const each of tree.around(node)) {
    const name = isFunction(each) ? functionName(tree, each) : null;
    if (name !== null) return name;
  }
  return null;
}

function functionName(tree: Tree, declared: Node): string | null {
  const own = nameOf(child(declared, 'id'));
  if (own !== null) return own;
  const parent = tree.parentOf(declared);
  switch (parent?.type) {
    case 'VariableDeclarator':
      return nameOf(child(parent, 'id'));
    case 'AssignmentExpression': {
      const left = bare(child(parent, 'left'));
      return left?.type === 'MemberExpression' ? keyOf(left) : nameOf(left);
    }
    case 'Property':
    case 'ObjectProperty':
      return keyOf(parent);
    case 'MethodDefinition':
    case 'PropertyDefinition': {
      const owner = nameOf(child(tree.parentOf(tree.parentOf(parent) ?? parent), 'id'));
      return owner === null ? keyOf(parent) : `${owner}.${keyOf(parent) ?? '…'}`;
    }
    case 'CallExpression': {
      const [first] = children(parent, 'arguments');
      const event = first ? nameOf(first) : null;
      return listeners.has(calleeName(parent) ?? '') && event !== null && first !== declared ? `on('${event}')` : null;
    }
    default:
      return null;
  }
}

const listeners: ReadonlySet<string> = new Set(['on', 'once', 'addEventListener', 'addListener']);
const timers: ReadonlySet<string> = new Set(['setTimeout', 'setInterval', 'setImmediate']);

/** What is known of the place by the names of functions, of events that are handled, and of calls before it. */
export function dangersAt(tree: Tree, values: Values, node: Node): readonly Danger[] {
  const found = new Set<Danger>();
  for (const each of tree.around(node)) {
    if (each.type === 'CatchClause') found.add('error handler');
    if (isFunction(each)) nameDangers(functionName(tree, each)).forEach((danger) => found.add(danger));
    for (const event of handledIn(tree, values, each)) eventDangers(event).forEach((danger) => found.add(danger));
    if (isTimed(tree, each)) found.add('timer');
    for (const before of statementsBefore(tree, each))
      callDangers(values, before).forEach((danger) => found.add(danger));
  }
  const order = Object.keys(dangers) as Danger[];
  return found.size === 0 ? ['elsewhere'] : order.filter((danger) => found.has(danger));
}

const byName: readonly (readonly [RegExp, Danger])[] = [
  [/hang_?up|end_?call|good_?bye|farewell|disconnect|terminate|tear_?down|shut_?down/i, 'after hang-up'],
  [/tool|function_?call|save_?lead|check_?avail|schedule/i, 'tool handler'],
  [/error|fail|retry|recover|fallback|timed?_?out/i, 'error handler'],
  [/connect(ed)?$|on_?open|handle_?open|session_?created|initiali[sz]e/i, 'before confirmation'],
];
const nameDangers = (name: string | null): readonly Danger[] =>
  name === null ? [] : byName.flatMap(([pattern, danger]) => (pattern.test(name) ? [danger] : []));

const byEvent: readonly (readonly [RegExp, Danger])[] = [
  [/function_call|mcp_call|tool/, 'tool handler'],
  [/^(error|close|response\.failed)$/, 'error handler'],
  [/^(open|session\.created|conversation\.created)$/, 'before confirmation'],
  [/^input_audio_buffer\.(speech_started|speech_stopped|committed)$|input_audio_transcription/, 'user turn'],
];
const eventDangers = (event: string): readonly Danger[] =>
  byEvent.flatMap(([pattern, danger]) => (pattern.test(event) ? [danger] : []));

/** The events that the code in here runs for: a listener, a case, a comparison. */
function handledIn(tree: Tree, values: Values, node: Node): readonly string[] {
  if (node.type === 'SwitchCase') return [...values.stringsOf(child(node, 'test'))];
  const parent = tree.parentOf(node);
  if (parent?.type === 'IfStatement' && child(parent, 'consequent') === node) {
    return comparedIn(values, child(parent, 'test'));
  }
  if (isFunction(node) && parent?.type === 'CallExpression' && listeners.has(calleeName(parent) ?? '')) {
    return [...values.stringsOf(children(parent, 'arguments')[0] ?? null)];
  }
  if (isFunction(node) && parent?.type === 'AssignmentExpression') {
    const handler = /^on(\w+)$/.exec(keyOf(bare(child(parent, 'left'))) ?? '')?.[1];
    return handler === undefined ? [] : [handler];
  }
  return [];
}

function comparedIn(values: Values, test: Node | null): readonly string[] {
  if (isA(test, 'LogicalExpression')) {
    return [...comparedIn(values, child(test, 'left')), ...comparedIn(values, child(test, 'right'))];
  }
  if (!isA(test, 'BinaryExpression')) return [];
  return [...values.stringsOf(child(test, 'left')), ...values.stringsOf(child(test, 'right'))];
}

function isTimed(tree: Tree, node: Node): boolean {
  const parent = tree.parentOf(node);
  return isFunction(node) && parent?.type === 'CallExpression' && timers.has(calleeName(parent) ?? '');
}

/** The statements of the same function that have run before this one. */
function statementsBefore(tree: Tree, node: Node): readonly Node[] {
  const parent = tree.parentOf(node);
  const siblings = [...children(parent, 'body'), ...children(parent, 'consequent')];
  const at = siblings.indexOf(node);
  return at > 0 ? siblings.slice(0, at) : [];
}

function callDangers(values: Values, statement: Node): readonly Danger[] {
  const call = callIn(statement);
  if (!call) return [];
  if (hangUps.test(calleeName(call) ?? '')) return ['after hang-up'];
  const given = children(call, 'arguments').flatMap((each) => [...values.eventsOf(each)]);
  const output = children(call, 'arguments').some((each) => mentions(values, each, 'function_call_output'));
  return given.includes('function_call_output') || output ? ['tool handler'] : [];
}
const hangUps = /^(hang_?up|end_?call|close|disconnect|terminate)$/i;

function callIn(statement: Node): Node | null {
  const expression = bare(child(statement, 'expression'));
  const inner = expression?.type === 'AwaitExpression' ? bare(child(expression, 'argument')) : expression;
  return inner?.type === 'CallExpression' ? inner : null;
}

/** An event whose item is of this type. */
function mentions(values: Values, node: Node, type: string): boolean {
  const inner = bare(node);
  if (!inner) return false;
  if (values.eventsOf(inner).has(type)) return true;
  if (inner.type === 'CallExpression') return children(inner, 'arguments').some((each) => mentions(values, each, type));
  if (inner.type !== 'ObjectExpression') return false;
  return children(inner, 'properties').some((each) => {
    const value = child(each, 'value');
    return value !== null && mentions(values, value, type);
  });
}
