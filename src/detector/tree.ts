import { isNode, type Node } from './node.js';
import { type Binding, noteAssignments, scopesOf } from './scopes.js';

export type { Binding } from './scopes.js';

/** A program, with the parents of each node and the names that each place can see. */
export interface Tree {
  readonly root: Node;
  /** Every node, in source order. */
  readonly nodes: readonly Node[];
  parentOf(node: Node): Node | null;
  childrenOf(node: Node): readonly Node[];
  /** The node itself, then its ancestors, outwards. */
  around(node: Node): Iterable<Node>;
  /** The node itself and its descendants. */
  inside(node: Node): readonly Node[];
  bindingOf(name: string, from: Node): Binding | null;
}

/** Keys that are not children: links to parents, positions, and additions of template parsers. */
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
  /** The index after the last descendant of each node. */
  readonly ends: ReadonlyMap<Node, number>;
}

/** Visits each node once, without recursion, because programs may nest deeper than the stack. */
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

/** Works backwards: a node ends where the last of its children ends. */
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
    // Pushed one by one, because a list of a hundred thousand is too long for a call's arguments.
    for (const each of Array.isArray(value) ? (value as unknown[]) : [value]) if (isNode(each)) found.push(each);
  }
  return found;
}
