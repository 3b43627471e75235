import type { File } from './file.js';
import { bare, calleeName, child, children, isA, keyOf, nameOf, type Node, text } from './node.js';
import type { Binding } from './tree.js';

const makers: ReadonlySet<string> = new Set(['openSession', 'configure', 'simulate', 'update']);
const sessionTypes: ReadonlySet<string> = new Set(['ConfirmedSession', 'SessionOf', 'ToolCall']);
const capabilityTypes: ReadonlySet<string> = new Set(['Respond', 'RespondAs']);

/** Whether a name is a session of ours, or a tool's call, as far as this file shows. */
export function isSession(file: File, binding: Binding): boolean {
  const taken = binding.taken.filter(({ key }) => key === 'session' || key === binding.name);
  return (
    isAnnotated(binding, sessionTypes) ||
    isToolCall(file, binding) ||
    [...binding.values, ...taken.map(({ object }) => object)].some(isMade)
  );
}

/** Whether a name is the capability itself: `respond` destructured from a session, or a parameter of its type. */
export function isCapability(file: File, binding: Binding): boolean {
  return (
    isAnnotated(binding, capabilityTypes) ||
    takesRespondOfTool(file, binding) ||
    binding.taken.some(({ object, key }) => key === 'respond' && isSessionExpression(file, object)) ||
    binding.values.some((each) => isRespondOfSession(file, bare(each)))
  );
}

/** Whether an expression is `session.respond`. */
export const isRespondOfSession = (file: File, node: Node | null): boolean =>
  node?.type === 'MemberExpression' && keyOf(node) === 'respond' && isSessionExpression(file, child(node, 'object'));

function isSessionExpression(file: File, given: Node | null): boolean {
  const node = bare(given);
  if (node?.type === 'Identifier') {
    const binding = file.tree.bindingOf(node['name'] as string, node);
    return binding !== null && isSession(file, binding);
  }
  if (node?.type === 'MemberExpression') return keyOf(node) === 'session' || isAnnotatedMember(file, node);
  return isMade(node);
}

/** Whether an expression creates a session: `await openSession(…)`. */
function isMade(given: Node | null): boolean {
  const made = bare(given);
  const call = made?.type === 'AwaitExpression' ? bare(child(made, 'argument')) : made;
  return call?.type === 'CallExpression' && makers.has(calleeName(call) ?? '');
}

/** Whether a declaration or parameter is annotated as a session: `session: ConfirmedSession<…>`. */
const isAnnotated = (binding: Binding, names: ReadonlySet<string>): boolean =>
  typeNamesOf(binding).some((each) => names.has(each));

/** The type names in the annotation of a name. */
export function typeNamesOf({ declaration, name }: Binding): readonly string[] {
  const places = [
    ...children(declaration, 'params').map((each) => child(each, 'parameter') ?? child(each, 'left') ?? each),
    ...children(declaration, 'declarations').flatMap((each) => child(each, 'id') ?? []),
  ];
  return places.flatMap((each) => (text(each, 'name') === name ? typesAt(each) : []));
}

const typesAt = (node: Node): readonly string[] => namesIn(child(child(node, 'typeAnnotation'), 'typeAnnotation'));

/** The names of a type, without `null` and `undefined`. */
function namesIn(type: Node | null): readonly string[] {
  if (type?.type === 'TSUnionType') return children(type, 'types').flatMap(namesIn);
  const name = nameOf(child(type, 'typeName'));
  return name === null ? [] : [name];
}

/** Whether a member such as `this.call` is annotated in its class. */
function isAnnotatedMember(file: File, member: Node): boolean {
  if (child(member, 'object')?.type !== 'ThisExpression') return false;
  for (const each of file.tree.around(member)) {
    if (each.type !== 'ClassBody') continue;
    return children(each, 'body').some(
      (own) => keyOf(own) === keyOf(member) && typesAt(own).some((name) => sessionTypes.has(name)),
    );
  }
  return false;
}

/** Whether a name is the second parameter of a tool's `run`. */
function isToolCall(file: File, { declaration, name }: Binding): boolean {
  return nameOf(callOfTool(file, declaration)) === name;
}

/** Whether a name is destructured from it: `run: (args, { respond }) => …`. */
function takesRespondOfTool(file: File, { declaration, name }: Binding): boolean {
  return children(callOfTool(file, declaration), 'properties').some(
    (each) => keyOf(each) === 'respond' && nameOf(child(each, 'value')) === name,
  );
}

function callOfTool(file: File, declaration: Node): Node | null {
  const property = file.tree.parentOf(declaration);
  const definition = property && file.tree.parentOf(property);
  const call = definition && file.tree.parentOf(definition);
  if (!isA(property, 'Property', 'ObjectProperty') || keyOf(property) !== 'run') return null;
  if (call?.type !== 'CallExpression' || calleeName(call) !== 'tool') return null;
  return children(declaration, 'params')[1] ?? null;
}

/**
 * The expressions by which a response can be requested at this place, with the purpose given by the caller:
 * `session.respond`, `respond`.
 */
export function gatesAt(file: File, node: Node): readonly string[] {
  const identifiers = file.tree.nodes.filter(({ type }) => type === 'Identifier');
  const names = new Set(identifiers.flatMap((each) => nameOf(each) ?? []));
  return [...names].flatMap((name) => {
    const binding = file.tree.bindingOf(name, node);
    if (!binding || hasOnePurpose(file, binding)) return [];
    if (isSession(file, binding)) return [`${name}.respond`];
    return isCapability(file, binding) ? [name] : [];
  });
}

const hasOnePurpose = (file: File, binding: Binding): boolean =>
  callOfTool(file, binding.declaration) !== null || isAnnotated(binding, new Set(['RespondAs', 'ToolCall']));
