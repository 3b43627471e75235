import type { File } from './file.js';
import type { Finding, Kind } from './finding.js';
import { bare, calleeName, child, children, isA, isFunction, keyOf, nameOf, type Node, only } from './node.js';
import { dangersAt, functionAround } from './surroundings.js';

const CREATE = 'response.create';

/** Every place where a `response.create` is sent, or is made to be sent, around the gate. */
export function rawCreates(file: File): readonly Finding[] {
  const found: Finding[] = [];
  const sent = new Set<Node>();
  for (const node of file.tree.nodes) {
    if (!isA(node, 'CallExpression', 'NewExpression')) continue;
    if (isHarmless(node) || isTransparent(file, node)) continue;
    const kind = kindOf(file, node);
    if (kind === null) continue;
    found.push(findingAt(file, node, kind));
    for (const each of within(file, node)) sent.add(each);
  }
  for (const node of file.tree.nodes) {
    if (!isLeftOver(file, node, sent)) continue;
    found.push(findingAt(file, node, 'built'));
  }
  return found;
}

function findingAt(file: File, node: Node, kind: Kind): Finding {
  const { tree, values } = file;
  const inside = functionAround(tree, node);
  const dangers = dangersAt(tree, values, node);
  return { rule: 'no-raw-response-create', kind, node, what: spelling(node), inside, dangers };
}

/** What is called, as it is written: `ws.send`. */
function spelling(node: Node): string {
  const callee = bare(child(node, 'callee'));
  if (!callee) return CREATE;
  const name = calleeName(node) ?? '…';
  const object = callee.type === 'MemberExpression' ? bare(child(callee, 'object')) : null;
  const owner = object?.type === 'ThisExpression' ? 'this' : (nameOf(object) ?? keyOf(object));
  return owner === null ? name : `${owner}.${name}`;
}

function kindOf(file: File, call: Node): Kind | null {
  if (createsItself(file, call)) return 'method';
  if (isSentByName(file, call)) return 'event';
  let kind: Kind | null = null;
  for (const each of children(call, 'arguments')) {
    if (isFunction(bare(each))) continue;
    if (!carries(file, each)) continue;
    kind = isText(file, each) ? 'text' : (kind ?? 'event');
  }
  return kind;
}

/** `realtime.send('response.create', …)`: the type apart from the rest. */
function isSentByName(file: File, call: Node): boolean {
  const [type] = children(call, 'arguments');
  return /^_?(send|dispatch|publish)/i.test(calleeName(call) ?? '') && file.values.stringsOf(type ?? null).has(CREATE);
}

/** An argument that is the event, or has it among its properties. */
function carries(file: File, given: Node, depth = 3): boolean {
  const node = bare(given);
  if (!node || depth === 0) return false;
  if (file.values.eventsOf(node).has(CREATE)) return true;
  if (node.type === 'SpreadElement') return only(node, 'argument').some((each) => carries(file, each, depth));
  if (node.type !== 'ObjectExpression') return false;
  return children(node, 'properties').some((each) => {
    const value = bare(child(each, 'value'));
    return value !== null && !isFunction(value) && carries(file, value, depth - 1);
  });
}

function isText(file: File, given: Node): boolean {
  const node = bare(given);
  if (node?.type === 'CallExpression') return calleeName(node) === 'stringify';
  if (isA(node, 'TemplateLiteral', 'Literal', 'StringLiteral', 'BinaryExpression')) return true;
  if (node?.type !== 'Identifier') return false;
  const binding = file.tree.bindingOf(node['name'] as string, node);
  return (binding?.values ?? []).some((each) => each !== node && isText(file, each));
}

// Methods that send one themselves -------------------------------------------------------------------------------------

/** No other library has these names. */
const unmistakable: ReadonlySet<string> = new Set([
  ...['sendResponseCreate', 'send_response_create', 'requestResponse'],
  ...['sendUserMessageContent', 'send_user_message_content'],
]);
/** These are common: they count on what is known to be a realtime client. */
const common: ReadonlySet<string> = new Set(['createResponse', 'create_response', 'triggerResponse']);
const realtime = /realtime|^rt[A-Z_]|^rt$|^(client|session|conn|connection|transport|agent)$/i;

function createsItself(file: File, call: Node): boolean {
  if (call.type !== 'CallExpression' || file.values.calledIn(call) !== null) return false;
  const callee = bare(child(call, 'callee'));
  if (callee?.type !== 'MemberExpression') return false;
  const name = keyOf(callee) ?? '';
  const owner = ownerOf(callee);
  if (name === 'create' && owner === 'response') return speaksRealtime(file);
  if (unmistakable.has(name)) return true;
  return common.has(name) && speaksRealtime(file) && realtime.test(owner ?? '');
}

function ownerOf(member: Node): string | null {
  const object = bare(child(member, 'object'));
  return object?.type === 'MemberExpression' ? keyOf(object) : nameOf(object);
}

const speaksRealtime = ({ text }: File): boolean => /realtime|input_audio_buffer|session\.update/i.test(text);

// What is no sending ---------------------------------------------------------------------------------------------------

/** Calls that look at an event, write it down, or compare it. */
const harmless: ReadonlySet<string> = new Set([
  ...['expect', 'toEqual', 'toStrictEqual', 'toMatchObject', 'toContainEqual', 'objectContaining', 'arrayContaining'],
  ...['toHaveBeenCalledWith', 'toHaveBeenLastCalledWith', 'toHaveBeenNthCalledWith', 'calledWith', 'equal', 'equals'],
  ...['strictEqual', 'deepEqual', 'deepStrictEqual', 'notDeepEqual', 'assert', 'ok', 'is', 'not', 'eql', 'include'],
  ...['log', 'debug', 'info', 'warn', 'error', 'trace', 'table', 'dir'],
  ...['with', 'match', 'isMatching', 'when', 'on', 'once', 'off', 'addEventListener', 'removeEventListener'],
  ...['literal', 'object', 'strictObject', 'union', 'discriminatedUnion', 'enum', 'safeParse', 'expectType'],
  ...['expectAssignable', 'expectNotAssignable', 'expectError', 'includes', 'indexOf', 'startsWith', 'has', 'test'],
  ...['describe', 'it', 'each'],
]);
const isHarmless = (call: Node): boolean => harmless.has(calleeName(call) ?? '');

/** A call that only hands on what it is given, to whoever calls with it. */
function isTransparent(file: File, call: Node): boolean {
  const name = calleeName(call);
  if (passing.has(name ?? '')) return true;
  const called = file.values.calledIn(call);
  // A helper of this file that returns the event: what counts is where that goes.
  return called !== null && file.values.eventsOf(call).has(CREATE);
}
const passing: ReadonlySet<string> = new Set([
  ...['stringify', 'freeze', 'seal', 'assign', 'structuredClone', 'encode', 'cloneDeep', 'resolve', 'from', 'String'],
  ...['parse', 'serialize', 'toJSON', 'useMemo', 'useRef', 'useState', 'Map', 'Set'],
]);

// What is built and not sent here --------------------------------------------------------------------------------------

/** The events that a call sends: those in its arguments, and those that they name. */
function within(file: File, call: Node): readonly Node[] {
  const seen = new Set<Node>();
  const pending = [...children(call, 'arguments')];
  for (let node = pending.pop(); node; node = pending.pop()) {
    const inner = bare(node);
    if (!inner || seen.has(inner)) continue;
    seen.add(inner);
    pending.push(...reached(file, inner));
  }
  return [...seen];
}

function reached(file: File, node: Node): readonly Node[] {
  switch (node.type) {
    case 'Identifier': {
      const binding = file.tree.bindingOf(node['name'] as string, node);
      return binding
        ? [...binding.values, ...[...binding.properties.values()].flat(), ...loopSources(file, binding.declaration)]
        : [];
    }
    case 'CallExpression':
    case 'NewExpression': {
      const called = file.values.calledIn(node);
      const object = child(bare(child(node, 'callee')), 'object');
      return [
        ...children(node, 'arguments'),
        ...(called ? [called] : []),
        ...(object ? [object] : []),
        ...classOf(file, node),
      ];
    }
    case 'MemberExpression':
      return [...only(node, 'object'), ...memberNodes(file, node)];
    default:
      return file.tree.childrenOf(node);
  }
}

function classOf(file: File, node: Node): readonly Node[] {
  const callee = bare(child(node, 'callee'));
  if (node.type !== 'NewExpression' || callee?.type !== 'Identifier') return [];
  return file.tree.bindingOf(callee['name'] as string, callee)?.values ?? [];
}
function memberNodes(file: File, node: Node): readonly Node[] {
  if (child(node, 'object')?.type !== 'ThisExpression') return [];
  for (const each of file.tree.around(node)) {
    if (each.type === 'ClassBody') return children(each, 'body').filter((member) => keyOf(member) === keyOf(node));
  }
  return [];
}
function loopSources(file: File, declaration: Node): readonly Node[] {
  const parent = file.tree.parentOf(declaration);
  if (parent?.type === 'ForOfStatement') return only(parent, 'right');
  const callee = parent?.type === 'CallExpression' ? bare(child(parent, 'callee')) : null;
  return isFunction(declaration) && callee?.type === 'MemberExpression' ? only(callee, 'object') : [];
}

/** An event that is written out here, that no call here sends, and that is not only looked at. */
function isLeftOver(file: File, node: Node, sent: ReadonlySet<Node>): boolean {
  if (node.type !== 'ObjectExpression' || sent.has(node)) return false;
  if (!file.values.eventsOf(node).has(CREATE) || !saysSo(file, node)) return false;
  for (const each of file.tree.around(node)) {
    if (sent.has(each)) return false;
    if (isA(each, 'CallExpression', 'NewExpression') && isHarmless(each)) return false;
    if (isA(each, 'ImportDeclaration', 'TSTypeAliasDeclaration', 'TSInterfaceDeclaration')) return false;
  }
  return true;
}

/** Its own `type` is one, not that of what it is spread from. */
const saysSo = (file: File, node: Node): boolean =>
  children(node, 'properties').some(
    (each) => keyOf(each) === 'type' && file.values.stringsOf(child(each, 'value')).has(CREATE),
  );
