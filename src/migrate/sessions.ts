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
  /** How it is written there: `session`, `this.#session`. */
  readonly name: string;
  readonly plan: Plan;
}

const elsewhere: Plan = { objects: [], known: 'parts' };

/** Every session that is provably ours, and provably confirmed, where this node runs. */
export const sessionsAt = (file: File, node: Node): readonly Session[] => [
  ...variablesAt(file, node),
  ...fieldsAt(file, node),
];

/** The session that this expression is, if it is one. */
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
  /** The declaration, or the function whose parameter it is. */
  readonly declaration: Node;
}

/** Every variable and parameter of a file that is a session: looked for once, however many places ask. */
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
    const plan = binding && (planOfType(file, typeOf(name)) ?? planOfValues(file, binding.values));
    return plan ? [{ name: binding.name, plan, declaration }] : [];
  });
}

/** The declaration has run before this node can: it stands before, and no function around the node is called earlier. */
function isSetBefore(file: File, declaration: Node, node: Node): boolean {
  const [, end] = spanOf(declaration);
  if (spanOf(node)[0] < end) return false;
  const hoisted = [...file.tree.around(node)].filter((each) => each.type === 'FunctionDeclaration');
  const names = new Set(hoisted.map((each) => nameOf(child(each, 'id'))));
  return !file.tree.nodes.some(
    (each) => each.type === 'Identifier' && names.has(nameOf(each)) && spanOf(each)[0] < end,
  );
}

/** Everything that it is ever given is a session that has been confirmed. */
function planOfValues(file: File, values: readonly Node[]): Plan | null {
  const plans = values.map((each) => planOfMaker(file, each));
  const [plan] = plans;
  return plan && plans.every((each) => each !== null) ? plan : null;
}

/** `await openSession(…)`, `await connection.configure(…)`. */
function planOfMaker(file: File, value: Node): Plan | null {
  const awaited = bare(value);
  const call = awaited?.type === 'AwaitExpression' ? bare(child(awaited, 'argument')) : null;
  if (call?.type !== 'CallExpression') return null;
  const [plan] = children(call, 'arguments');
  if (ourFunction(file, call) === 'openSession') return planIn(file, plan ?? null);
  if (calleeName(call) !== 'configure') return null;
  return isUnconfirmed(file, bare(child(bare(child(call, 'callee')), 'object'))) ? planIn(file, plan ?? null) : null;
}

function isUnconfirmed(file: File, name: Node | null): boolean {
  const binding = name?.type === 'Identifier' ? bindingOf(file, name) : null;
  const [value, ...more] = binding?.values ?? [];
  const awaited = bare(value ?? null);
  return (
    more.length === 0 &&
    awaited?.type === 'AwaitExpression' &&
    ourFunction(file, bare(child(awaited, 'argument'))) === 'connect'
  );
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
    return plan ? [{ name: `this.${hash}${keyOf(member) ?? ''}`, plan }] : [];
  });
}

/** `constructor(private readonly session: ConfirmedSession<…>)`. */
const parameterFields = (file: File, constructor: Node): readonly Session[] =>
  children(child(constructor, 'value'), 'params').flatMap((each) => {
    const parameter = each.type === 'TSParameterProperty' ? child(each, 'parameter') : null;
    const plan = parameter?.type === 'Identifier' ? planOfType(file, typeOf(parameter)) : null;
    return plan ? [{ name: `this.${nameOf(parameter) ?? ''}`, plan }] : [];
  });

/** The class that `this` is of, once it has been constructed. */
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

/** The plan of a type that is a confirmed session of ours and nothing else. */
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
