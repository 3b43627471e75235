/** A node of a Python tree, with only the properties that are used. */
export interface Py {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly children: readonly Py[];
}

/** The parts of `@lezer/python`'s trees that are used. */
export interface LezerNode {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly firstChild: LezerNode | null;
  readonly nextSibling: LezerNode | null;
}

export function pyOf(node: LezerNode): Py {
  const children: Py[] = [];
  for (let each = node.firstChild; each; each = each.nextSibling) {
    if (each.name !== 'Comment') children.push(pyOf(each));
  }
  return { name: node.name, from: node.from, to: node.to, children };
}

/** The name of nodes that the parser could not understand. */
export const ERROR = '⚠';

export const childNamed = (node: Py, ...names: readonly string[]): Py | null =>
  node.children.find(({ name }) => names.includes(name)) ?? null;

/** Splits children at separators: the items of a list, the targets of an assignment. */
export function splitBy(nodes: readonly Py[], separator: string): readonly (readonly Py[])[] {
  const parts: Py[][] = [[]];
  for (const node of nodes) {
    if (node.name === separator) parts.push([]);
    else parts.at(-1)?.push(node);
  }
  return parts;
}

/** The children without brackets and commas. */
export const inner = (node: Py): readonly Py[] => node.children.filter(({ name }) => !brackets.has(name));
const brackets: ReadonlySet<string> = new Set(['(', ')', '[', ']', '{', '}']);
