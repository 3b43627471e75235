import { child, children, isFunction, isNode, nameOf, type Node } from './node.js';

/** A name, and all that it is known to be given. */
export interface Binding {
  readonly name: string;
  /** What declares it: a declarator, a function, a class, a parameter, an import. */
  readonly declaration: Node;
  /** Every expression that is assigned to it. */
  readonly values: Node[];
  /** What is assigned to its properties later on: `event.type = …`. */
  readonly properties: Map<string, Node[]>;
}

/** A program, with the way up from each node and the names that each place knows. */
export interface Tree {
  readonly root: Node;
  readonly nodes: readonly Node[];
  parentOf(node: Node): Node | null;
  childrenOf(node: Node): readonly Node[];
  /** The node itself, then what stands around it, outwards. */
  around(node: Node): Iterable<Node>;
  bindingOf(name: string, from: Node): Binding | null;
}

const notChildren: ReadonlySet<string> = new Set(['parent', 'loc', 'range', 'tokens', 'comments', 'extra']);
const blocks: ReadonlySet<string> = new Set([
  ...['Program', 'BlockStatement', 'StaticBlock', 'SwitchStatement', 'CatchClause', 'TSModuleBlock'],
  ...['ForStatement', 'ForInStatement', 'ForOfStatement', 'ClassDeclaration', 'ClassExpression'],
]);
const isScope = (node: Node): boolean => blocks.has(node.type) || isFunction(node);

export function treeOf(root: Node): Tree {
  const parents = new Map<Node, Node>();
  const nodes: Node[] = [];
  const pending: Node[] = [root];
  for (let node = pending.pop(); node; node = pending.pop()) {
    nodes.push(node);
    const below = childrenOf(node);
    for (const each of below) parents.set(each, node);
    pending.push(...below.reverse());
  }
  const parentOf = (node: Node): Node | null => parents.get(node) ?? null;
  function* around(node: Node): Generator<Node> {
    for (let each: Node | null = node; each; each = parentOf(each)) yield each;
  }
  const scopes = scopesOf(root, nodes, around);
  const bindingOf = (name: string, from: Node): Binding | null => {
    for (const each of around(from)) {
      const found = scopes.get(each)?.get(name);
      if (found) return found;
    }
    return null;
  };
  const tree: Tree = { root, nodes, parentOf, childrenOf, around, bindingOf };
  noteAssignments(tree);
  return tree;
}

function childrenOf(node: Node): Node[] {
  return Object.entries(node).flatMap(([key, value]) => {
    if (notChildren.has(key)) return [];
    if (Array.isArray(value)) return value.filter(isNode);
    return isNode(value) ? [value] : [];
  });
}

// Names ----------------------------------------------------------------------------------------------------------------

type Scopes = ReadonlyMap<Node, ReadonlyMap<string, Binding>>;

function scopesOf(root: Node, nodes: readonly Node[], around: Tree['around']): Scopes {
  const scopes = new Map<Node, Map<string, Binding>>();
  const declare = (scope: Node, declaration: Node, { name, values }: Pick<Binding, 'name' | 'values'>): void => {
    const names = scopes.get(scope) ?? new Map<string, Binding>();
    scopes.set(scope, names);
    const known = names.get(name);
    if (known) known.values.push(...values);
    else names.set(name, { name, declaration, values, properties: new Map() });
  };
  const above = (node: Node, isMeant: (each: Node) => boolean): Node => {
    for (const each of around(node)) if (each !== node && isMeant(each)) return each;
    return root;
  };
  for (const node of nodes) {
    for (const { scope, names } of declaredBy(node, above)) for (const each of names) declare(scope, node, each);
  }
  return scopes;
}

interface Declared {
  readonly scope: Node;
  readonly names: readonly Pick<Binding, 'name' | 'values'>[];
}

function declaredBy(node: Node, above: (node: Node, isMeant: (each: Node) => boolean) => Node): readonly Declared[] {
  const named = (name: string | null, ...values: Node[]): Declared['names'] =>
    name === null ? [] : [{ name, values }];
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

/** The names in a pattern. What is taken apart has a value only where it has a default. */
function patternNames(pattern: Node | null, init: Node | null): readonly Pick<Binding, 'name' | 'values'>[] {
  switch (pattern?.type) {
    case 'Identifier':
      return [{ name: pattern['name'] as string, values: init ? [init] : [] }];
    case 'AssignmentPattern':
      return patternNames(child(pattern, 'left'), child(pattern, 'right'));
    case 'RestElement':
      return patternNames(child(pattern, 'argument'), null);
    case 'TSParameterProperty':
      return patternNames(child(pattern, 'parameter'), null);
    case 'ArrayPattern':
      return children(pattern, 'elements').flatMap((each) => patternNames(each, null));
    case 'ObjectPattern':
      return children(pattern, 'properties').flatMap((each) =>
        patternNames(each.type === 'RestElement' ? each : child(each, 'value'), null),
      );
    default:
      return [];
  }
}

/** Adds to each name what is assigned to it, and to its properties, after it was declared. */
function noteAssignments(tree: Tree): void {
  for (const node of tree.nodes) {
    if (node.type !== 'AssignmentExpression') continue;
    const left = child(node, 'left');
    const right = child(node, 'right');
    if (!left || !right) continue;
    if (left.type === 'Identifier') tree.bindingOf(left['name'] as string, node)?.values.push(right);
    const object = child(left, 'object');
    const property = nameOf(child(left, 'property'));
    if (left.type !== 'MemberExpression' || object?.type !== 'Identifier' || property === null) continue;
    const binding = tree.bindingOf(object['name'] as string, node);
    binding?.properties.set(property, [...(binding.properties.get(property) ?? []), right]);
  }
}
