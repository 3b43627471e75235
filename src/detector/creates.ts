import { namesCreateByItself } from './constants.js';
import type { File } from './file.js';
import type { Finding, Kind } from './finding.js';
import { namesTypeToHelper } from './helpers.js';
import { isHarmless, isLook } from './looking.js';
import { createsItself, isSentByName } from './methods.js';
import { bare, calleeName, child, children, isA, isFunction, keyOf, nameOf, type Node, only, text } from './node.js';
import { addReached } from './reached.js';
import { sayable } from './sole.js';
import { dangersAt, functionAround } from './surroundings.js';
import type { Binding } from './tree.js';
import { spaced } from './words.js';

const CREATE = 'response.create';

/** Finds every place that sends a `response.create` around the gate, or builds one to be sent. */
export function rawCreates(file: File): readonly Finding[] {
  if (namesCreate(file)) return createsIn(file);
  const methods = file.tree.nodes.filter((node) => createsItself(file, node));
  return methods.map((node) => findingAt(file, node, 'method'));
}

/** Whether strings or constants of the file can form the event's name. Most files cannot, and cost nothing more. */
function namesCreate({ tree }: File): boolean {
  if (tree.nodes.some((node) => namesCreateByItself(nameOf(node)))) return true;
  const written = tree.nodes.flatMap((node) => {
    const { value } = node;
    if (typeof value === 'string') return [value];
    return node.type === 'TemplateElement' ? [(value as { readonly raw: string }).raw] : [];
  });
  return CREATE.split('.').every((word) => written.some((each) => each.includes(word)));
}

function createsIn(file: File): readonly Finding[] {
  const found: Finding[] = [];
  const accounted = new Set<Node>();
  const account = (expressions: readonly Node[]): void => addReached(accounted, file, expressions);
  for (const node of file.tree.nodes) {
    if (!isA(node, 'CallExpression', 'NewExpression')) continue;
    const given = children(node, 'arguments');
    if (isLook(node)) account(given.filter((each) => !isFunction(bare(each))));
    if (isHarmless(node) || isTransparent(file, node)) continue;
    const kind = kindOf(file, node);
    if (kind === null) continue;
    found.push(findingAt(file, node, kind));
    account(given);
  }
  const left = file.tree.nodes.filter((node) => isLeftOver(file, node, accounted));
  return [...found, ...left.map((node) => findingAt(file, node, 'built'))];
}

function findingAt(file: File, node: Node, kind: Kind): Finding {
  const { tree, values } = file;
  const inside = functionAround(tree, node);
  const dangers = dangersAt(tree, values, node);
  return { rule: 'no-raw-response-create', kind, node, what: spelling(node), inside, dangers };
}

/** The source text of a callee: `ws.send`. */
function spelling(node: Node): string {
  const callee = bare(child(node, 'callee'));
  if (!callee) return CREATE;
  const name = calleeName(node) ?? '…';
  const object = callee.type === 'MemberExpression' ? bare(child(callee, 'object')) : null;
  const owner =
    object?.type === 'ThisExpression' ? (text(object, 'name') ?? 'this') : (nameOf(object) ?? keyOf(object));
  return owner === null ? name : `${owner}.${name}`;
}

function kindOf(file: File, call: Node): Kind | null {
  if (createsItself(file, call)) return 'method';
  if (isSentByName(file, call) || namesTypeToHelper(file, call, CREATE)) return 'event';
  let kind: Kind | null = null;
  for (const each of children(call, 'arguments')) {
    if (isFunction(bare(each))) continue;
    if (!carries(file, each) || (!isSender(call) && isRecord(file, each))) continue;
    kind = isText(file, each) ? 'text' : (kind ?? 'event');
  }
  return kind;
}

/** Whether an argument is the event, or has it among its properties. */
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

/** Whether the callee's name suggests sending. */
const isSender = (call: Node): boolean =>
  /\b(send|emit|push|post|put|publish|dispatch|write|queue|enqueue|transmit|forward|request|fetch|call|apply)\b/.test(
    spaced(calleeName(call) ?? ''),
  );

/**
 * Whether a value is a record of an event and not the event: an object, or a list of them, with keys that no event has.
 */
function isRecord(file: File, given: Node, depth = 3): boolean {
  const node = bare(given);
  if (!node || depth === 0) return false;
  if (node.type === 'ObjectExpression') return saysMore(node);
  const values =
    node.type === 'Identifier'
      ? (file.tree.bindingOf(node['name'] as string, node)?.values ?? [])
      : children(node, 'elements');
  return values.length > 0 && values.every((each) => isRecord(file, each, depth - 1));
}

/** Whether an object has other keys than an event, as `{ type: 'response.create', cost: 3 }` does. */
const saysMore = (node: Node): boolean =>
  children(node, 'properties').some((each) => each.type !== 'SpreadElement' && !sayable.has(keyOf(each) ?? 'type'));

function isText(file: File, given: Node, followed: ReadonlySet<Binding> = new Set()): boolean {
  const node = bare(given);
  if (node?.type === 'CallExpression') return calleeName(node) === 'stringify';
  if (isA(node, 'TemplateLiteral', 'Literal', 'StringLiteral', 'BinaryExpression')) return true;
  if (node?.type !== 'Identifier') return false;
  const binding = file.tree.bindingOf(node['name'] as string, node);
  if (!binding || followed.has(binding)) return false;
  return binding.values.some((each) => isText(file, each, new Set(followed).add(binding)));
}

/** Whether a call only passes its argument on to its own caller. */
function isTransparent(file: File, call: Node): boolean {
  const name = calleeName(call);
  if (passing.has(name ?? '')) return true;
  const called = file.values.calledIn(call);
  // A helper of this file that returns the event: what matters is where its result goes.
  return called !== null && file.values.eventsOf(call).has(CREATE);
}
const passing: ReadonlySet<string> = new Set([
  ...['stringify', 'freeze', 'seal', 'assign', 'structuredClone', 'encode', 'cloneDeep', 'resolve', 'from', 'String'],
  ...['parse', 'serialize', 'toJSON', 'useMemo', 'useRef', 'useState', 'Map', 'Set', 'Blob', 'Uint8Array'],
  ...['defineProperty', 'defineProperties', 'keys', 'values', 'entries', 'hasOwn'],
]);

/** Whether an event is written here that no call here sends, and that is not only compared. */
function isLeftOver(file: File, node: Node, accounted: ReadonlySet<Node>): boolean {
  if (node.type !== 'ObjectExpression' || accounted.has(node) || saysMore(node)) return false;
  if (!file.values.eventsOf(node).has(CREATE) || !saysSo(file, node)) return false;
  for (const each of file.tree.around(node)) {
    if (accounted.has(each)) return false;
    if (isFunction(each)) return true;
    if (isA(each, 'CallExpression', 'NewExpression') && isHarmless(each)) return false;
  }
  return true;
}

/** Whether an object has its own `type`, not only that of a spread. */
const saysSo = (file: File, node: Node): boolean =>
  children(node, 'properties').some(
    (each) => keyOf(each) === 'type' && file.values.stringsOf(child(each, 'value')).has(CREATE),
  );
