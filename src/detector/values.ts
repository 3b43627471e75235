import { none, type Strings } from './joined.js';
import { Lookup } from './lookup.js';
import type { Node } from './node.js';
import { DEPTH, Reader } from './reader.js';
import type { Binding, Tree } from './tree.js';

export interface Values {
  /** The event types that this expression may have, as a type's name or as an event. */
  eventsOf(node: Node | null): Strings;
  /** The strings that this expression may be. */
  stringsOf(node: Node | null): Strings;
  /** The function of this file that this call runs. */
  calledIn(call: Node): Node | null;
  /** The function of this file that a name or a member refers to. */
  functionAt(node: Node): Node | null;
}

/**
 * The possible values of expressions, as far as one file shows: constants, spreads, templates, choices, builder
 * functions.
 */
export function valuesIn(tree: Tree): Values {
  const lookup = new Lookup(tree);
  const remembered = (read: (node: Node) => Strings): Values['eventsOf'] => {
    const known = new Map<Node | Binding, Strings>();
    return (node) => {
      if (!node) return none;
      const key = (node.type === 'Identifier' ? lookup.binding(node) : null) ?? node;
      const found = known.get(key) ?? read(node);
      known.set(key, found);
      return found;
    };
  };
  return {
    eventsOf: remembered((node) => new Reader(lookup).events(node, new Map(), DEPTH)),
    stringsOf: remembered((node) => new Reader(lookup).strings(node, new Map(), DEPTH)),
    calledIn: (call) => lookup.called(call),
    functionAt: (node) => lookup.functionAt(node),
  };
}
