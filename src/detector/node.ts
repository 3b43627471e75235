/** An ESTree node from any parser, with only the properties that the detector reads. */
export interface Node {
  readonly type: string;
  readonly [key: string]: unknown;
}

export const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string';

export function child(node: Node | null, key: string): Node | null {
  const value = node?.[key];
  return isNode(value) ? value : null;
}
export function children(node: Node | null, key: string): readonly Node[] {
  const value = node?.[key];
  return Array.isArray(value) ? value.filter(isNode) : [];
}
/** The children under a key as a list, empty where there are none. */
export function only(node: Node | null, key: string): readonly Node[] {
  const one = child(node, key);
  return one ? [one] : [];
}
export function text(node: Node | null, key: string): string | null {
  const value = node?.[key];
  return typeof value === 'string' ? value : null;
}
export const isA = (node: Node | null, ...types: readonly string[]): boolean =>
  node !== null && types.includes(node.type);

/** The start and end of a node in the text, which parsers store in one of two ways. */
export function spanOf(node: Node): readonly [start: number, end: number] {
  const { range } = node;
  if (Array.isArray(range)) return [range[0] as number, range[1] as number];
  return [node['start'] as number, node['end'] as number];
}

const functions: ReadonlySet<string> = new Set([
  'FunctionDeclaration',
  'FunctionExpression',
  'ArrowFunctionExpression',
  'TSDeclareFunction',
]);
export const isFunction = (node: Node | null): boolean => node !== null && functions.has(node.type);

const wrappers: ReadonlySet<string> = new Set([
  ...['TSAsExpression', 'TSSatisfiesExpression', 'TSNonNullExpression', 'TSTypeAssertion'],
  ...['ParenthesizedExpression', 'ChainExpression', 'TSInstantiationExpression'],
]);
/** The expression inside casts and parentheses. */
export function bare(node: Node | null): Node | null {
  let inner = node;
  while (inner && wrappers.has(inner.type)) inner = child(inner, 'expression');
  return inner;
}

/** The name of an identifier, or of a literal key. */
export function nameOf(node: Node | null): string | null {
  if (!node) return null;
  if (node.type === 'Identifier' || node.type === 'PrivateIdentifier' || node.type === 'PrivateName') {
    return text(node, 'name');
  }
  return isLiteral(node) ? text(node, 'value') : null;
}
const isLiteral = ({ type }: Node): boolean => type === 'Literal' || type === 'StringLiteral';

/** The key of a property or member: `a.b`, `a['b']`, `{ b: … }`, `{ 'b': … }`. Null where it is computed. */
export function keyOf(node: Node | null): string | null {
  const key = child(node, 'property') ?? child(node, 'key');
  if (node?.['computed'] === true && !(key && isLiteral(key))) return null;
  return nameOf(key);
}

/** The callee's own name: `send` of `this.socket.send(…)`. */
export function calleeName(call: Node): string | null {
  const callee = bare(child(call, 'callee'));
  return callee?.type === 'MemberExpression' ? keyOf(callee) : nameOf(callee);
}

/** The name of what a member belongs to: `socket` of `socket.send` and of `this.socket.send`. */
export function ownerOf(member: Node | null): string | null {
  const object = member?.type === 'MemberExpression' ? bare(child(member, 'object')) : null;
  return object?.type === 'MemberExpression' ? keyOf(object) : nameOf(object);
}
