import { isNode, type Node } from './node.js';
import { type Binding, noteAssignments, scopesOf } from './scopes.js';

export type { Binding } from './scopes.js';

/** A program, with the way up from each node and the names that each place knows. */
export interface Tree {
  readonly root: Node;
  /** Every node, in the order of the text. */
  readonly nodes: readonly Node[];
  parentOf(node: Node): Node | null;
  childrenOf(node: Node): readonly Node[];
  /** The node itself, then what stands around it, outwards. */
  around(node: Node): Iterable<Node>;
  /** The node itself and all that stands in it. */
  inside(node: Node): readonly Node[];
  bindingOf(name: string, from: Node): Binding | null;
}

/** Not the program's own: links back, positions, and what parsers for templates add. */
const notChildren: ReadonlySet<string> = new Set([
  ...['parent', 'loc', 'range', 'tokens', 'comments', 'extra'],
  ...['references', 'variables', 'errors'],
]);

export function treeOf(root: Node): Tree {
  const { nodes, parents, ends } = walk(root);
  const places = new Map(nodes.map((node, at) => [node, at]));
  const parentOf = (node: Node): Node | null => parents.get(node) ?? null;
  function* around(node: Node): Generator<Node> {
    for (let each: Node | null = node; each; each = parentOf(each)) yield each;
  }
  const inside = (node: Node): readonly Node[] => {
    const at = places.get(node);
    return at === undefined ? [] : nodes.slice(at, ends.get(node));
  };
  const scopes = scopesOf(root, nodes, around);
  const bindingOf = (name: string, from: Node): Binding | null => {
    for (const each of around(from)) {
      const found = scopes.get(each)?.get(name);
      if (found) return found;
    }
    return null;
  };
  const tree: Tree = { root, nodes, parentOf, childrenOf, around, inside, bindingOf };
  noteAssignments(tree);
  return tree;
}

interface Walk {
  readonly nodes: readonly Node[];
  readonly parents: ReadonlyMap<Node, Node>;
  /** The place behind the last node that stands in a node. */
  readonly ends: ReadonlyMap<Node, number>;
}

/** Each node once, however it is reached, and without recursion: programs nest deeper than the stack. */
function walk(root: Node): Walk {
  const parents = new Map<Node, Node>();
  const nodes: Node[] = [];
  const pending: Node[] = [root];
  for (let node = pending.pop(); node; node = pending.pop()) {
    nodes.push(node);
    for (const each of childrenOf(node).reverse()) {
      if (each === root || parents.has(each)) continue;
      parents.set(each, node);
      pending.push(each);
    }
  }
  return { nodes, parents, ends: endsOf(nodes, parents) };
}

/** From behind: a node ends where the last of its children does. */
function endsOf(nodes: readonly Node[], parents: ReadonlyMap<Node, Node>): ReadonlyMap<Node, number> {
  const ends = new Map<Node, number>();
  for (const [at, node] of [...nodes.entries()].reverse()) {
    const end = ends.get(node) ?? at + 1;
    ends.set(node, end);
    const parent = parents.get(node);
    if (parent && !ends.has(parent)) ends.set(parent, end);
  }
  return ends;
}

function childrenOf(node: Node): Node[] {
  const found: Node[] = [];
  for (const key of Object.keys(node)) {
    if (notChildren.has(key)) continue;
    const value = node[key];
    // One by one: a list of a hundred thousand is too long to be arguments.
    for (const each of Array.isArray(value) ? (value as unknown[]) : [value]) if (isNode(each)) found.push(each);
  }
  return found;
}
