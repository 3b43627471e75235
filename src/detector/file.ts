import type { Node } from './node.js';
import { type Tree, treeOf } from './tree.js';
import { type Values, valuesIn } from './values.js';

/** One file that is looked into: its tree, and what its expressions may be. */
export interface File {
  readonly tree: Tree;
  readonly values: Values;
  /** The text, for a first look. */
  readonly text: string;
}

export function fileOf(program: Node, text: string): File {
  const tree = treeOf(program);
  return { tree, values: valuesIn(tree), text };
}

/** Words without which there is nothing to be found: most files need not be parsed at all. */
const marks = /[Rr]esponse|RESPONSE|[Rr]ealtime|respond|oai-events|UserMessageContent|rt-?client|RTClient/;
export const mayHoldAny = (text: string): boolean => marks.test(text);
