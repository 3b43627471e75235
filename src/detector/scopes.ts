import { child, children, isFunction, keyOf, nameOf, type Node } from './node.js';
import type { Tree } from './tree.js';

/** A name, with every value that it is known to get. */
export interface Binding {
  readonly name: string;
  /** Its declaration: a declarator, function, class, parameter or import. */
  readonly declaration: Node;
  /** Every expression that is assigned to it. */
  readonly values: Node[];
  /** The properties that it is destructured from: `const { name } = object`. */
  readonly taken: readonly Taken[];
  /** The values that are assigned to its properties later: `event.type = …`. */
  readonly properties: Map<string, Node[]>;
}

export interface Taken {
  readonly object: Node;
  readonly key: string;
}

type Scopes = ReadonlyMap<Node, ReadonlyMap<string, Binding>>;
/** What one declaration contributes to a name. */
type Named = Pick<Binding, 'name' | 'values' | 'taken'>;

const blocks: ReadonlySet<string> = new Set([
  ...['Program', 'BlockStatement', 'StaticBlock', 'SwitchStatement', 'CatchClause', 'TSModuleBlock'],
  ...['ForStatement', 'ForInStatement', 'ForOfStatement', 'ClassDeclaration', 'ClassExpression'],
]);
const isScope = (node: Node): boolean => blocks.has(node.type) || isFunction(node);

/** The names declared in each block, function and class, and in the module. */
export function scopesOf(root: Node, nodes: readonly Node[], around: Tree['around']): Scopes {
  const scopes = new Map<Node, Map<string, Binding>>();
  const declare = (scope: Node, declaration: Node, { name, values, taken }: Named): void => {
    const names = scopes.get(scope) ?? new Map<string, Binding>();
    scopes.set(scope, names);
    const known = names.get(name);
    if (known) known.values.push(...values);
    else names.set(name, { name, declaration, values, taken, properties: new Map() });
  };
  const above: Above = (node, isMeant) => {
    for (const each of around(node)) if (each !== node && isMeant(each)) return each;
    return root;
  };
  for (const node of nodes) {
    for (const { scope, names } of declaredBy(node, above)) for (const each of names) declare(scope, node, each);
  }
  return scopes;
}

type Above = (node: Node, isMeant: (each: Node) => boolean) => Node;

interface Declared {
  readonly scope: Node;
  readonly names: readonly Named[];
}

const named = (name: string | null, ...values: Node[]): readonly Named[] =>
  name === null ? [] : [{ name, values, taken: [] }];

function declaredBy(node: Node, above: Above): readonly Declared[] {
  if (isFunction(node)) {
    const params = { scope: node, names: children(node, 'params').flatMap((each) => patternNames(each, null)) };
    const own = named(nameOf(child(node, 'id')), node);
    return [params, { scope: node.type === 'FunctionDeclaration' ? above(node, isScope) : node, names: own }];
  }
  switch (node.type) {
    case 'VariableDeclaration': {
      const isMeant = node['kind'] === 'var' ? (each: Node) => isFunction(each) || each.type === 'Program' : isScope;
      const names = children(node, 'declarations').flatMap((each) =>
        patternNames(child(each, 'id'), child(each, 'init')),
      );
      return [{ scope: above(node, isMeant), names }];
    }
    case 'ClassDeclaration':
    case 'TSEnumDeclaration':
      return [{ scope: above(node, isScope), names: named(nameOf(child(node, 'id')), node) }];
    case 'CatchClause':
      return [{ scope: node, names: patternNames(child(node, 'param'), null) }];
    case 'ImportSpecifier':
    case 'ImportDefaultSpecifier':
    case 'ImportNamespaceSpecifier':
      return [{ scope: above(node, ({ type }) => type === 'Program'), names: named(nameOf(child(node, 'local'))) }];
    default:
      return [];
  }
}

/** The names in a pattern, each with its value: an initialiser, a default, or a destructured property. */
function patternNames(pattern: Node | null, init: Node | null): readonly Named[] {
  switch (pattern?.type) {
    case 'Identifier':
      return named(pattern['name'] as string, ...(init ? [init] : []));
    case 'AssignmentPattern':
      return patternNames(child(pattern, 'left'), child(pattern, 'right'));
    case 'RestElement':
      return patternNames(child(pattern, 'argument'), null);
    case 'TSParameterProperty':
      return patternNames(child(pattern, 'parameter'), null);
    case 'ArrayPattern':
      return children(pattern, 'elements').flatMap((each) => patternNames(each, null));
    case 'ObjectPattern':
      return children(pattern, 'properties').flatMap((each) => propertyNames(each, init));
    default:
      return [];
  }
}

function propertyNames(property: Node, object: Node | null): readonly Named[] {
  if (property.type === 'RestElement') return patternNames(property, null);
  const value = child(property, 'value');
  const names = patternNames(value, null);
  const target = value?.type === 'AssignmentPattern' ? child(value, 'left') : value;
  const key = keyOf(property);
  if (!object || key === null || target?.type !== 'Identifier') return names;
  return names.map((each) => ({ ...each, taken: [{ object, key }] }));
}

/** Adds later assignments to each name and to its properties. */
export function noteAssignments(tree: Tree): void {
  for (const node of tree.nodes) {
    if (node.type !== 'AssignmentExpression') continue;
    const left = child(node, 'left');
    const right = child(node, 'right');
    if (!left || !right) continue;
    if (left.type === 'Identifier') tree.bindingOf(left['name'] as string, node)?.values.push(right);
    const object = child(left, 'object');
    const property = left.type === 'MemberExpression' ? keyOf(left) : null;
    if (object?.type !== 'Identifier' || property === null) continue;
    const binding = tree.bindingOf(object['name'] as string, node);
    binding?.properties.set(property, [...(binding.properties.get(property) ?? []), right]);
  }
}
