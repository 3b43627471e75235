import type { File } from '../detector/index.js';
import {
  bare,
  calleeName,
  child,
  children,
  isA,
  isFunction,
  keyOf,
  type Node,
  nameOf,
  spanOf,
} from '../detector/node.js';
import { type Plan, planIn } from './plans.js';
import { bindingOf, importedName, ourFunction } from './resolve.js';

/** A confirmed session of ours that can be named at a place. */
export interface Session {
  /** Its name there: `session`, `this.#session`. */
  readonly name: string;
  readonly plan: Plan;
  /** The call that opens it: `openSession(…)`, `connect(…)`. Null: it is not in this file. */
  readonly opening: Node | null;
}

const elsewhere: Plan = { objects: [], known: 'parts' };

/** Every session that is provably ours, and provably confirmed, when this node runs. */
export const sessionsAt = (file: File, node: Node): readonly Session[] => [
  ...variablesAt(file, node),
  ...fieldsAt(file, node),
];

/** The session that this expression is, or null. */
export function sessionIn(file: File, given: Node | null): Session | null {
  const node = bare(given);
  const name = node && file.text.slice(...spanOf(node));
  return node ? (sessionsAt(file, node).find((each) => each.name === name) ?? null) : null;
}

// Variables and parameters ---------------------------------------------------------------------------------------------

const variablesAt = (file: File, node: Node): readonly Session[] =>
  variablesOf(file).filter(
    ({ name, declaration }) =>
      file.tree.bindingOf(name, node)?.declaration === declaration &&
      (isFunction(declaration) || isSetBefore(file, declaration, node)),
  );

interface Variable extends Session {
  /** Its declaration, or the function whose parameter it is. */
  readonly declaration: Node;
}

/** All variables and parameters of a file that are sessions, searched once for all lookups. */
function variablesOf(file: File): readonly Variable[] {
  const known = variables.get(file) ?? file.tree.nodes.flatMap((each) => declaredBy(file, each));
  variables.set(file, known);
  return known;
}
const variables = new WeakMap<File, readonly Variable[]>();

function declaredBy(file: File, declaration: Node): readonly Variable[] {
  const places = isFunction(declaration)
    ? children(declaration, 'params')
    : children(declaration, 'declarations').filter((each) => child(each, 'init') !== null && each['definite'] !== true);
  return places.flatMap((each) => {
    const name = isFunction(declaration) ? each : child(each, 'id');
    if (name?.type !== 'Identifier' || name['optional'] === true) return [];
    const binding = bindingOf(file, name);
    if (!binding) return [];
    const plan = planOfType(file, typeOf(name));
    const made = plan ? { plan, opening: null } : madeByAll(file, binding.values);
    return made ? [{ name: binding.name, ...made, declaration }] : [];
  });
}

/**
 * Whether the declaration has run before this node: it comes first, and no function between the two is called earlier.
 */
function isSetBefore(file: File, declaration: Node, node: Node): boolean {
  const [, end] = spanOf(declaration);
  if (spanOf(node)[0] < end) return false;
  const hoisted = [...file.tree.around(node)].filter(
    (each) => each.type === 'FunctionDeclaration' && spanOf(each)[0] >= end,
  );
  const names = new Set(hoisted.map((each) => nameOf(child(each, 'id'))));
  return !file.tree.nodes.some(
    (each) => each.type === 'Identifier' && names.has(nameOf(each)) && spanOf(each)[0] < end,
  );
}

type Made = Pick<Session, 'plan' | 'opening'>;

/** The session, if every assigned value is a confirmed session. */
function madeByAll(file: File, values: readonly Node[]): Made | null {
  const all = values.map((each) => madeBy(file, each));
  const [made] = all;
  if (!made || all.includes(null)) return null;
  return all.length > 1 ? { ...made, opening: null } : made;
}

/** `await openSession(…)`, `await connection.configure(…)`. */
function madeBy(file: File, value: Node): Made | null {
  const call = awaitedCall(value);
  const plan = planIn(file, children(call, 'arguments')[0] ?? null);
  if (call && ourFunction(file, call) === 'openSession') return { plan, opening: call };
  if (!call || calleeName(call) !== 'configure') return null;
  const opening = connectedBy(file, bare(child(bare(child(call, 'callee')), 'object')));
  return opening && { plan, opening };
}

/** The `connect(…)` call, if it is the only value of a name. */
function connectedBy(file: File, name: Node | null): Node | null {
  const [value, ...more] = (name?.type === 'Identifier' ? bindingOf(file, name)?.values : null) ?? [];
  const call = value && more.length === 0 ? awaitedCall(value) : null;
  return ourFunction(file, call) === 'connect' ? call : null;
}

function awaitedCall(value: Node): Node | null {
  const awaited = bare(value);
  const call = awaited?.type === 'AwaitExpression' ? bare(child(awaited, 'argument')) : null;
  return call?.type === 'CallExpression' ? call : null;
}

// Fields ---------------------------------------------------------------------------------------------------------------

function fieldsAt(file: File, node: Node): readonly Session[] {
  const body = classOfThis(file, node);
  return children(body, 'body').flatMap((member) => {
    if (member['kind'] === 'constructor') return parameterFields(file, member);
    if (member.type !== 'PropertyDefinition' || member['static'] === true) return [];
    if (member['optional'] === true || member['definite'] === true) return [];
    const plan = planOfType(file, typeOf(member));
    const hash = child(member, 'key')?.type === 'PrivateIdentifier' ? '#' : '';
    return plan ? [{ name: `this.${hash}${keyOf(member) ?? ''}`, plan, opening: null }] : [];
  });
}

/** `constructor(private readonly session: ConfirmedSession<…>)`. */
const parameterFields = (file: File, constructor: Node): readonly Session[] =>
  children(child(constructor, 'value'), 'params').flatMap((each) => {
    const parameter = each.type === 'TSParameterProperty' ? child(each, 'parameter') : null;
    const plan = parameter?.type === 'Identifier' ? planOfType(file, typeOf(parameter)) : null;
    return plan ? [{ name: `this.${nameOf(parameter) ?? ''}`, plan, opening: null }] : [];
  });

/** The class that `this` refers to, once it has been constructed. */
function classOfThis(file: File, node: Node): Node | null {
  for (const each of file.tree.around(node)) {
    const parent = file.tree.parentOf(each);
    if (parent?.type === 'PropertyDefinition' && isArrow(each))
      return parent['static'] ? null : file.tree.parentOf(parent);
    if (!isFunction(each) || isArrow(each)) continue;
    const isMethod =
      parent?.type === 'MethodDefinition' && parent['kind'] !== 'constructor' && parent['static'] !== true;
    return isMethod ? file.tree.parentOf(parent) : null;
  }
  return null;
}
const isArrow = (node: Node): boolean => node.type === 'ArrowFunctionExpression';

// Types ----------------------------------------------------------------------------------------------------------------

const typeOf = (annotated: Node): Node | null => child(child(annotated, 'typeAnnotation'), 'typeAnnotation');

/** The plan in a type, if the type is a confirmed session of ours and nothing else. */
function planOfType(file: File, type: Node | null, depth = 4): Plan | null {
  const name = type?.type === 'TSTypeReference' ? child(type, 'typeName') : null;
  if (!name || depth === 0) return null;
  const imported = importedName(file, name);
  if (imported === 'ConfirmedSession') return elsewhere;
  const [given] = children(child(type, 'typeArguments') ?? child(type, 'typeParameters'), 'params');
  if (imported === 'SessionOf') {
    return isA(given ?? null, 'TSTypeQuery') ? planIn(file, child(given ?? null, 'exprName')) : elsewhere;
  }
  const alias = file.tree.nodes.find(
    (each) => each.type === 'TSTypeAliasDeclaration' && nameOf(child(each, 'id')) === nameOf(name),
  );
  return alias ? planOfType(file, child(alias, 'typeAnnotation'), depth - 1) : null;
}
