import type { File } from './file.js';
import type { Finding } from './finding.js';
import { carriesLine } from './lines.js';
import { bare, calleeName, child, children, isA, isFunction, keyOf, nameOf, type Node } from './node.js';
import { dangersAt, functionAround } from './surroundings.js';
import type { Binding } from './tree.js';

const guarded: ReadonlySet<string> = new Set(['send', 'respond', 'appendAudio']);

type Seen = { readonly kind: 'patch' | 'line'; readonly what: string } | null;

/** Finds what types cannot prevent: a replaced `send`, and a custom transport, which can write anything. */
export function patchedTransports(file: File): readonly Finding[] {
  if (!/realtime/i.test(file.text)) return [];
  return file.tree.nodes.flatMap((node) => {
    const seen = assignedIn(file, node) ?? definedIn(file, node) ?? lineIn(file, node);
    if (!seen) return [];
    const inside = functionAround(file.tree, node);
    const dangers = dangersAt(file.tree, file.values, node);
    return [{ rule: 'no-patched-transport' as const, node, inside, dangers, ...seen }];
  });
}

/** `ws.send = …` */
function assignedIn(file: File, node: Node): Seen {
  if (node.type !== 'AssignmentExpression') return null;
  const left = bare(child(node, 'left'));
  if (left?.type !== 'MemberExpression') return null;
  const [key] = [...keysOf(file, left)].filter((each) => guarded.has(each));
  const object = bare(child(left, 'object'));
  // In its own constructor, an object defines its own methods.
  if (key === undefined || object?.type === 'ThisExpression') return null;
  if (isOwn(file, object) || !carriesLine(file, object) || isFake(child(node, 'right'))) return null;
  return { kind: 'patch', what: `${nameOf(object) ?? keyOf(object) ?? '…'}.${key}` };
}

/** `Object.defineProperty(ws, 'send', …)`, `Reflect.set(ws, 'send', …)`, `Object.assign(ws, { send })`. */
function definedIn(file: File, node: Node): Seen {
  if (node.type !== 'CallExpression') return null;
  const owner = nameOf(bare(child(bare(child(node, 'callee')), 'object')));
  const [target, given] = children(node, 'arguments');
  if (!target || !given || !definitions.has(`${owner ?? ''}.${calleeName(node) ?? ''}`)) return null;
  const names = isA(given, 'ObjectExpression')
    ? children(given, 'properties').flatMap((each) => [...keysOf(file, each)])
    : [...file.values.stringsOf(given)];
  const [key] = names.filter((each) => guarded.has(each));
  if (key === undefined || isOwn(file, bare(target)) || !carriesLine(file, target)) return null;
  const written = bare(target);
  return { kind: 'patch', what: `${nameOf(written) ?? keyOf(written) ?? '…'}.${key}` };
}
const definitions: ReadonlySet<string> = new Set([
  ...['Object.defineProperty', 'Reflect.defineProperty', 'Object.defineProperties', 'Reflect.set', 'Object.assign'],
]);

function keysOf(file: File, node: Node): ReadonlySet<string> {
  const key = keyOf(node);
  if (key !== null) return new Set([key]);
  return file.values.stringsOf(child(node, 'property') ?? child(node, 'key'));
}

/** Whether an object carries no session: a module's exports, a reply to a request, an object made here. */
function isOwn(file: File, object: Node | null): boolean {
  if (object?.type === 'MemberExpression') {
    const owner = nameOf(bare(child(object, 'object'))) ?? '';
    return keyOf(object) === 'exports' || (keyOf(object) === 'prototype' && otherClasses.test(owner));
  }
  if (object?.type === 'ObjectExpression') return true;
  if (object?.type !== 'Identifier') return false;
  const name = object['name'] as string;
  if (otherNames.test(name)) return true;
  return (file.tree.bindingOf(name, object)?.values ?? []).some((each) => isMadeHere(bare(each)));
}
const otherNames = /^(exports|res|resp|response|reply|req|request|xhr|fake\w*|mock\w*|stub\w*)$/i;
const otherClasses = /^(XMLHttpRequest|Navigator|Response|ServerResponse|WindowClient|Client)$/;

function isMadeHere(value: Node | null): boolean {
  if (value?.type === 'ObjectExpression' || isFunction(value)) return true;
  const callee = value?.type === 'NewExpression' ? bare(child(value, 'callee')) : null;
  return nameOf(callee) === 'XMLHttpRequest';
}

/** Whether a value is a test double, which sends nothing. */
const isFake = (value: Node | null): boolean => {
  const call = bare(value);
  return call?.type === 'CallExpression' && ['fn', 'stub', 'spy', 'mock', 'fake'].includes(calleeName(call) ?? '');
};

/** A custom transport, `connect({ transport: … })`, that is an object or a class of this file. */
function lineIn(file: File, node: Node): Seen {
  if (!isA(node, 'Property', 'ObjectProperty') || keyOf(node) !== 'transport') return null;
  const options = file.tree.parentOf(node);
  const call = options && file.tree.parentOf(options);
  if (call?.type !== 'CallExpression' || !['connect', 'openSession'].includes(calleeName(call) ?? '')) return null;
  if (!file.text.includes('gated-realtime')) return null;
  return opensByHand(file, child(node, 'value')) ? { kind: 'line', what: 'transport' } : null;
}

function opensByHand(file: File, value: Node | null, followed: ReadonlySet<Binding> = new Set()): boolean {
  const node = bare(value);
  if (node?.type === 'ObjectExpression') {
    return children(node, 'properties').some(
      (each) => keyOf(each) === 'open' && isFunction(bare(child(each, 'value'))),
    );
  }
  const name = node?.type === 'NewExpression' ? bare(child(node, 'callee')) : node;
  const binding = name?.type === 'Identifier' ? file.tree.bindingOf(name['name'] as string, name) : null;
  if (!binding || followed.has(binding)) return false;
  return binding.values.some(
    (each) =>
      isA(each, 'ClassDeclaration', 'ClassExpression') || opensByHand(file, each, new Set(followed).add(binding)),
  );
}
