import { none, type Strings } from './joined.js';
import { Lookup } from './lookup.js';
import type { Node } from './node.js';
import { DEPTH, Reader } from './reader.js';
import type { Tree } from './tree.js';

export interface Values {
  /** The event types that this expression, or the event that it is, may have. */
  eventsOf(node: Node | null): Strings;
  /** The strings that this expression may be. */
  stringsOf(node: Node | null): Strings;
  /** The function of this file that is called here. */
  calledIn(call: Node): Node | null;
}

/** What expressions may be, as far as one file tells: constants, spreads, templates, choices, helpers that build. */
export function valuesIn(tree: Tree): Values {
  const lookup = new Lookup(tree);
  return {
    eventsOf: remembered((node) => new Reader(lookup).events(node, new Map(), DEPTH)),
    stringsOf: remembered((node) => new Reader(lookup).strings(node, new Map(), DEPTH)),
    calledIn: (call) => lookup.called(call),
  };
}

function remembered(read: (node: Node) => Strings): (node: Node | null) => Strings {
  const known = new Map<Node, Strings>();
  return (node) => {
    if (!node) return none;
    const found = known.get(node) ?? read(node);
    known.set(node, found);
    return found;
  };
}
