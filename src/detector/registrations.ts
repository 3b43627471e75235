import { eventDangers, type Danger, holdsTools, nameDangers, takesTool } from './dangers.js';
import { isLine } from './lines.js';
import { bare, calleeName, child, children, isA, keyOf, nameOf, type Node, ownerOf, text } from './node.js';
import type { Tree } from './tree.js';
import type { Values } from './values.js';
import { spaced } from './words.js';

/** The dangers that a place adds to the code in it. */
export interface Added {
  readonly dangers: readonly Danger[];
  /** Whether the code runs on a later event, however early the code around it ran. */
  readonly isLater: boolean;
}
export const nothing: Added = { dangers: [], isLater: false };
const added = (...dangers: readonly Danger[]): Added => ({ dangers, isLater: false });
const handler = (dangers: readonly Danger[]): Added => ({ dangers, isLater: true });

export const listeners: ReadonlySet<string> = new Set(['on', 'once', 'addEventListener', 'addListener']);
const timers: ReadonlySet<string> = new Set([
  ...['setTimeout', 'setInterval', 'setImmediate'],
  ...['call_later', 'call_at', 'Timer', 'add_job'],
]);

/** The names of tables in which the file looks tools up. */
export type Tables = ReadonlySet<string>;

/** When a function runs, judged by where it, or a name for it, is passed to here. */
export function registrationOf(tree: Tree, values: Values, tables: Tables, given: Node): Added {
  const node = wholeOf(tree, given);
  const parent = tree.parentOf(node);
  switch (parent?.type) {
    case 'CallExpression':
    case 'NewExpression':
      return child(parent, 'callee') === node ? nothing : argumentOf(tree, values, tables, parent, node);
    case 'AssignmentExpression':
      return child(parent, 'right') === node ? assignedTo(tables, bare(child(parent, 'left'))) : nothing;
    case 'Property':
    case 'ObjectProperty':
      return child(parent, 'value') === node ? underKey(tree, tables, parent) : nothing;
    case 'ArrayExpression':
      return isAmongTools(tree, tables, parent) ? added('tool handler') : nothing;
    case 'JSXExpressionContainer':
      return namedHandler(text(child(tree.parentOf(parent), 'name'), 'name'));
    default:
      return decoratorsOf(parent?.type === 'MethodDefinition' ? parent : node);
  }
}

/** The expression that wraps a function without calling it: `greet as any`, `this.greet.bind(this)`. */
function wholeOf(tree: Tree, node: Node): Node {
  let whole = node;
  for (;;) {
    const parent = tree.parentOf(whole);
    if (parent && bare(parent) !== parent) whole = parent;
    else if (parent?.type === 'MemberExpression' && keyOf(parent) === 'bind' && child(parent, 'object') === whole) {
      whole = tree.parentOf(parent) ?? parent;
    } else return whole;
  }
}

function argumentOf(tree: Tree, values: Values, tables: Tables, call: Node, node: Node): Added {
  const name = calleeName(call) ?? '';
  const given = children(call, 'arguments');
  if (listeners.has(name)) return handler(heardBy(values, call).flatMap(eventDangers));
  if (timers.has(name)) return added('timer');
  if (name === 'catch' || (name === 'then' && given[1] === node)) return added('error handler');
  if (takesTool(name)) return handler(['tool handler']);
  if (isHandlerName(name)) return namedHandler(name);
  // A wrapper such as `on('open', guarded(greet))`.
  return isA(tree.parentOf(call), 'CallExpression', 'NewExpression', 'Property', 'ObjectProperty')
    ? registrationOf(tree, values, tables, call)
    : nothing;
}

/** The events of a listener. The end of a file or the close of a server is not the end of a call. */
function heardBy(values: Values, call: Node): readonly string[] {
  const owner = ownerOf(bare(child(call, 'callee')));
  const events = [...values.stringsOf(children(call, 'arguments')[0] ?? null)];
  return isLine(owner) ? events : events.filter((each) => !/^(close|closed|end)$/.test(each));
}

/** What an assignment adds: `ws.onopen = …`, `tools.save = …`, `handlers['save'] = …`. */
function assignedTo(tables: Tables, left: Node | null): Added {
  if (left?.type !== 'MemberExpression') return nothing;
  const owner = ownerOf(left);
  const key = keyOf(left);
  const event = /^on([a-z]+)$/.exec(key ?? '')?.[1];
  if (event !== undefined) return handler(event !== 'close' || isLine(owner) ? eventDangers(event) : []);
  return owner !== null && isToolTable(tables, owner) ? handler(['tool handler']) : namedHandler(key);
}

const isHandlerName = (name: string): boolean => /^on[A-Z_]/.test(name);
/** What a name such as `onError` or `on_open` adds: it says when the function runs. */
const namedHandler = (name: string | null): Added => ({
  dangers: nameDangers(name),
  isLater: name !== null && isHandlerName(name),
});

// Tools -----------------------------------------------------------------------------------------------------------------

const isToolTable = (tables: Tables, name: string): boolean => tables.has(name) || holdsTools(name);

function underKey(tree: Tree, tables: Tables, property: Node): Added {
  const key = keyOf(property) ?? '';
  if (key.includes('.')) return handler(eventDangers(key));
  const object = tree.parentOf(property);
  const isTool = runs.has(key) && children(object, 'properties').some((each) => describes.has(keyOf(each) ?? ''));
  if (isTool || (object && isAmongTools(tree, tables, object))) return handler(['tool handler']);
  return namedHandler(key);
}

/** The keys of a tool that hold its function, not its description. */
const runs: ReadonlySet<string> = new Set(
  'execute run handler handle func function fn invoke callback call implementation on_invoke_tool'.split(' '),
);
const describes: ReadonlySet<string> = new Set(
  'description parameters inputSchema input_schema schema args params_json_schema'.split(' '),
);

/**
 * Whether a list or a table holds tools: `tools: { save }`, `const toolHandlers = { save }`, `Agent(tools=[save])`, or
 * an entry of one.
 */
function isAmongTools(tree: Tree, tables: Tables, list: Node): boolean {
  for (let node: Node | null = list; node; node = tree.parentOf(node)) {
    const name = nameAt(node);
    if (name !== null && isToolTable(tables, name)) return true;
    if (isA(node, 'CallExpression', 'NewExpression')) {
      if (takesTool(calleeName(node) ?? '')) return true;
      if (!copies.has(calleeName(node) ?? '')) return false;
    } else if (!isA(node, ...holding) && bare(node) === node) return false;
  }
  return false;
}
const holding = ['ObjectExpression', 'ArrayExpression', 'Property', 'ObjectProperty'];
const copies: ReadonlySet<string> = new Set(['Map', 'freeze', 'fromEntries', 'tool', 'useMemo', 'ref', 'reactive']);

/** The name that a list or a table is assigned or passed to. */
function nameAt(node: Node): string | null {
  switch (node.type) {
    case 'VariableDeclarator':
      return nameOf(child(node, 'id'));
    case 'AssignmentExpression': {
      const left = bare(child(node, 'left'));
      return left?.type === 'MemberExpression' ? keyOf(left) : nameOf(left);
    }
    case 'Property':
    case 'ObjectProperty':
    case 'PropertyDefinition':
      return keyOf(node);
    default:
      return null;
  }
}

/** The names of tables that are indexed by a tool's name: `handlers[call.name]`, `handlers.get(function_name)`. */
export function tablesIn(tree: Tree): Tables {
  const names = tree.nodes.flatMap((node): readonly (string | null)[] => {
    if (node.type === 'MemberExpression') {
      return node['computed'] === true && isToolName(child(node, 'property')) ? [ownerOf(node)] : [];
    }
    const isGet = node.type === 'CallExpression' && calleeName(node) === 'get';
    return isGet && isToolName(children(node, 'arguments')[0] ?? null) ? [ownerOf(bare(child(node, 'callee')))] : [];
  });
  return new Set(names.filter((each) => each !== null));
}

function isToolName(given: Node | null): boolean {
  const node = bare(given);
  const name = node?.type === 'MemberExpression' ? keyOf(node) : node?.type === 'Identifier' ? nameOf(node) : null;
  return name !== null && /^name$|\b(tool|function|fn|func|call) name$/.test(spaced(name));
}

/** What decorators add: `@function_tool`, `@llm.tool(…)`, `@call.on_hangup`. */
function decoratorsOf(node: Node): Added {
  const names = children(node, 'decorators').map((each) => {
    const written = bare(child(each, 'expression'));
    if (written?.type === 'CallExpression') return calleeName(written) ?? '';
    return (written?.type === 'MemberExpression' ? keyOf(written) : nameOf(written)) ?? '';
  });
  if (names.some(takesTool)) return handler(['tool handler']);
  const handlers = names.filter(isHandlerName);
  return handlers.length > 0 ? handler(handlers.flatMap(nameDangers)) : nothing;
}
