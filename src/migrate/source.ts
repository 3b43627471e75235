import type { Node } from '../detector/index.js';

/** A file that has been read and parsed. Offsets in `program` count in `text`. */
export interface Source {
  readonly path: string;
  readonly text: string;
  readonly program: Node;
}
