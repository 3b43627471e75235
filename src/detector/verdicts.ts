import type { File } from './file.js';
import type { Finding } from './finding.js';
import { bare, calleeName, child, children, isA, keyOf, nameOf, type Node, text } from './node.js';
import { dangersAt, functionAround } from './surroundings.js';
import type { Binding } from './tree.js';

/** Whether this expression is a session, or a capability, of ours: what a compiler would know better. */
export type IsGated = (node: Node) => boolean;

/** Verdicts that nobody reads. `void session.respond('nudge')` says that a refusal would not matter. */
export function droppedVerdicts(file: File, isGated: IsGated = knownBySource(file)): readonly Finding[] {
  return file.tree.nodes.flatMap((node) => {
    const call = node.type === 'ExpressionStatement' ? asked(child(node, 'expression')) : null;
    if (!call || !isGated(call)) return [];
    return [
      {
        rule: 'handle-verdict' as const,
        kind: 'dropped' as const,
        node: call,
        what: calleeName(call) ?? 'respond',
        inside: functionAround(file.tree, call),
        dangers: dangersAt(file.tree, file.values, call),
      },
    ];
  });
}

/** The call of `respond` in a statement of its own. Awaiting a verdict reads nothing of it. */
function asked(expression: Node | null): Node | null {
  const node = bare(expression);
  if (node?.type === 'AwaitExpression') return asked(child(node, 'argument'));
  return node?.type === 'CallExpression' && calleeName(node) === 'respond' ? node : null;
}

const makers: ReadonlySet<string> = new Set(['openSession', 'configure', 'simulate', 'update']);
const types: ReadonlySet<string> = new Set(['ConfirmedSession', 'Respond', 'RespondAs', 'ToolCall', 'SessionOf']);

/** Knows a session by where it comes from in the same file: `openSession()`, `configure()`, a type of ours, a tool's call. */
function knownBySource(file: File): IsGated {
  if (!file.text.includes('gated-realtime')) return () => false;
  return (call) => {
    const callee = bare(child(call, 'callee'));
    const from = callee?.type === 'MemberExpression' ? bare(child(callee, 'object')) : callee;
    return from?.type === 'Identifier'
      ? isSession(file, from)
      : from?.type === 'MemberExpression' && keyOf(from) === 'session';
  };
}

function isSession(file: File, name: Node): boolean {
  const binding = file.tree.bindingOf(name['name'] as string, name);
  if (!binding) return false;
  return isAnnotated(binding) || isToolCall(file, binding) || comesFromMaker(binding);
}

function comesFromMaker({ declaration, name, values }: Binding): boolean {
  const taken = children(declaration, 'declarations').filter((each) => isA(child(each, 'id'), 'ObjectPattern'));
  const apart = taken.filter((each) => namesIn(child(each, 'id')).includes(name)).map((each) => child(each, 'init'));
  return [...values, ...apart].some((each) => {
    const made = bare(each);
    const call = made?.type === 'AwaitExpression' ? bare(child(made, 'argument')) : made;
    return call?.type === 'CallExpression' && makers.has(calleeName(call) ?? '');
  });
}

const namesIn = (pattern: Node | null): readonly string[] =>
  children(pattern, 'properties').flatMap((each) => nameOf(child(each, 'value')) ?? []);

/** `session: ConfirmedSession<…>`, in a declaration or a parameter. */
function isAnnotated({ declaration, name }: Binding): boolean {
  const places = [
    ...children(declaration, 'params'),
    ...children(declaration, 'declarations').flatMap((each) => child(each, 'id') ?? []),
  ];
  return places.some((each) => {
    const reference = child(child(each, 'typeAnnotation'), 'typeAnnotation');
    const typed = child(reference, 'typeName');
    return text(each, 'name') === name && types.has(nameOf(typed) ?? '');
  });
}

/** The second parameter of a tool's `run`, or `respond` taken out of it. */
function isToolCall(file: File, { declaration, name }: Binding): boolean {
  const property = file.tree.parentOf(declaration);
  const definition = property && file.tree.parentOf(property);
  const call = definition && file.tree.parentOf(definition);
  if (!isA(property, 'Property', 'ObjectProperty') || keyOf(property) !== 'run') return false;
  if (call?.type !== 'CallExpression' || calleeName(call) !== 'tool') return false;
  const [, second] = children(declaration, 'params');
  return nameOf(second ?? null) === name || (second?.type === 'ObjectPattern' && namesIn(second).includes(name));
}
