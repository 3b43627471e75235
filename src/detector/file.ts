import type { Node } from './node.js';
import { type Tree, treeOf } from './tree.js';
import { type Values, valuesIn } from './values.js';

/** One file that is looked into: its tree, and what its expressions may be. */
export interface File {
  readonly tree: Tree;
  readonly values: Values;
  /** The text, for a first look. */
  readonly text: string;
  /** Whether it says anywhere that it is about the Realtime API. Asked at every call, so it is looked for once. */
  readonly speaksRealtime: boolean;
}

export function fileOf(program: Node, text: string): File {
  const tree = treeOf(program);
  return {
    tree,
    values: valuesIn(tree),
    text,
    speaksRealtime: /realtime|input_audio_buffer|session\.update/i.test(text),
  };
}

/** Words without which there is nothing to be found: most files need not be parsed at all. */
export const mayHoldAny = (text: string): boolean =>
  ofRealtime.test(text) || (/response/i.test(text) && /create/i.test(text));
const ofRealtime = /realtime|input_audio_buffer|session\.update|oai-events|user_?message_?content|rt-?client/i;
