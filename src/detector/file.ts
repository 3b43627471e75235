import type { Node } from './node.js';
import { type Tree, treeOf } from './tree.js';
import { type Values, valuesIn } from './values.js';

/** One file under analysis: its tree, and the possible values of its expressions. */
export interface File {
  readonly tree: Tree;
  readonly values: Values;
  /** The text, for a quick check before parsing. */
  readonly text: string;
  /** Whether the file mentions the Realtime API anywhere. Searched once, because every call asks. */
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

/** A quick check for the words without which a file has no findings, so that most files need not be parsed. */
export const mayHoldAny = (text: string): boolean =>
  ofRealtime.test(text) || (/response/i.test(text) && /create/i.test(text));
const ofRealtime = /realtime|input_audio_buffer|session\.update|oai-events|user_?message_?content|rt-?client/i;
