import { bare, calleeName, child, children, isA, isFunction, keyOf, nameOf, type Node, only } from './node.js';
import type { Binding, Tree } from './tree.js';

/** The properties followed per name in one lookup: each is followed once, so that cycles end. */
type Seen = Map<Binding, Set<string>>;

/** Finds the expressions that give a name, a property or a call its value. */
export class Lookup {
  readonly #tree: Tree;
  readonly #called = new Map<Node, Node | null>();
  readonly #returned = new Map<Node, readonly Node[]>();

  constructor(tree: Tree) {
    this.#tree = tree;
  }

  binding(identifier: Node): Binding | null {
    return this.#tree.bindingOf(identifier['name'] as string, identifier);
  }

  /** The function of this file that a call runs. */
  called(call: Node): Node | null {
    const known = this.#called.get(call);
    if (known !== undefined) return known;
    const found = this.#functionCalled(call);
    this.#called.set(call, found);
    return found;
  }

  #functionCalled(call: Node): Node | null {
    const callee = bare(child(call, 'callee'));
    return isFunction(callee) ? callee : this.functionAt(callee);
  }

  /** The function of this file that a name or a member refers to. */
  functionAt(node: Node | null): Node | null {
    if (node?.type === 'Identifier') {
      const binding = this.binding(node);
      return binding ? functionIn([...binding.values, ...this.taken(binding)]) : null;
    }
    const key = node?.type === 'MemberExpression' ? keyOf(node) : null;
    return node && key !== null ? functionIn(this.member(node, key)) : null;
  }

  /** The expressions that a function returns. */
  returns(called: Node): readonly Node[] {
    const known = this.#returned.get(called);
    if (known) return known;
    const found = this.#returnsIn(called);
    this.#returned.set(called, found);
    return found;
  }

  #returnsIn(called: Node): readonly Node[] {
    const body = child(called, 'body');
    if (body && body.type !== 'BlockStatement') return [body];
    return this.#tree.inside(called).flatMap((each) => {
      if (each.type !== 'ReturnStatement') return [];
      for (const outer of this.#tree.around(each))
        if (isFunction(outer)) return outer === called ? only(each, 'argument') : [];
      return [];
    });
  }

  /**
   * What a loop variable stands for, in `for (const event of events)` or `events.forEach((event) => …)`: the list's
   * elements, or else the list.
   */
  loopedOver(binding: Binding): readonly Node[] {
    return this.#listOf(binding).flatMap((list) => this.#elements(list) ?? [list]);
  }

  #elements(list: Node): readonly Node[] | null {
    const node = bare(list);
    if (node?.type === 'ArrayExpression') return children(node, 'elements');
    const values = (node?.type === 'Identifier' ? this.binding(node)?.values : null)?.map(bare) ?? [];
    const isList = values.length > 0 && values.every((each) => isA(each, 'ArrayExpression'));
    return isList ? values.flatMap((each) => children(each, 'elements')) : null;
  }

  #listOf({ declaration, name }: Binding): readonly Node[] {
    const parent = this.#tree.parentOf(declaration);
    if (parent?.type === 'ForOfStatement') return only(parent, 'right');
    if (!isFunction(declaration) || parent?.type !== 'CallExpression') return [];
    const [first] = children(declaration, 'params');
    const callee = bare(child(parent, 'callee'));
    const isLoop = callee?.type === 'MemberExpression' && loops.has(keyOf(callee) ?? '');
    return isLoop && nameOf(first ?? null) === name ? only(callee, 'object') : [];
  }

  /** The values of the properties that a name is destructured from. */
  taken({ taken }: Binding): readonly Node[] {
    return taken.flatMap(({ object, key }) => this.property(object, key));
  }

  /** The values of a member, of `this` or of an object of this file. */
  member(node: Node, key: string, seen: Seen = new Map()): readonly Node[] {
    const object = bare(child(node, 'object'));
    return object?.type === 'ThisExpression' ? this.#ownMember(node, key) : this.property(object, key, seen);
  }

  #ownMember(from: Node, key: string): readonly Node[] {
    for (const each of this.#tree.around(from))
      if (isA(each, 'ClassBody')) return valuesOf(children(each, 'body'), key);
    return [];
  }

  /** The values of a property of an object, a constant or an enumeration of this file. */
  property(object: Node | null, key: string, seen: Seen = new Map()): readonly Node[] {
    const whole = bare(object);
    switch (whole?.type) {
      case 'AwaitExpression':
        return this.property(child(whole, 'argument'), key, seen);
      case 'CallExpression':
        return calleeName(whole) === 'freeze' ? this.property(children(whole, 'arguments')[0] ?? null, key, seen) : [];
      case 'NewExpression':
        return this.property(child(whole, 'callee'), key, seen);
      case 'ObjectExpression':
        return [...valuesOf(children(whole, 'properties'), key), ...this.#spread(whole, key, seen)];
      case 'TSEnumDeclaration':
        return children(child(whole, 'body') ?? whole, 'members').flatMap((each) =>
          nameOf(child(each, 'id')) === key ? only(each, 'initializer') : [],
        );
      case 'ClassDeclaration':
      case 'ClassExpression':
        return valuesOf(membersOf(whole), key);
      case 'MemberExpression': {
        const inner = keyOf(whole);
        return inner === null ? [] : this.member(whole, inner, seen).flatMap((each) => this.property(each, key, seen));
      }
      case 'Identifier':
        return this.#propertyOfName(whole, key, seen);
      default:
        return [];
    }
  }

  #spread(object: Node, key: string, seen: Seen): readonly Node[] {
    const spreads = children(object, 'properties').filter((each) => each.type === 'SpreadElement');
    return spreads.flatMap((each) => this.property(child(each, 'argument'), key, seen));
  }

  #propertyOfName(name: Node, key: string, seen: Seen): readonly Node[] {
    const binding = this.binding(name);
    const asked = binding && (seen.get(binding) ?? new Set());
    if (!binding || !asked || asked.has(key)) return [];
    seen.set(binding, asked.add(key));
    return [
      ...(binding.properties.get(key) ?? []),
      ...binding.values.flatMap((each) => this.property(each, key, seen)),
    ];
  }
}

const loops: ReadonlySet<string> = new Set(['forEach', 'map', 'flatMap', 'for']);

export const membersOf = (declared: Node | null): readonly Node[] => children(child(declared, 'body'), 'body');

const valuesOf = (properties: readonly Node[], key: string): readonly Node[] =>
  properties.flatMap((each) => (keyOf(each) === key ? only(each, 'value') : []));

/** The first value that is a function with a body; an overload has none. */
const functionIn = (values: readonly Node[]): Node | null =>
  values.map(unwrapped).find((each) => isFunction(each) && child(each, 'body') !== null) ?? null;

/** The function inside a wrapper such as `useCallback(() => …, [])`. */
function unwrapped(given: Node): Node | null {
  const node = bare(given);
  const isWrapped = node?.type === 'CallExpression' && wrappers.has(calleeName(node) ?? '');
  return isWrapped ? bare(children(node, 'arguments')[0] ?? null) : node;
}
const wrappers: ReadonlySet<string> = new Set(['useCallback', 'useEvent', 'useEffectEvent', 'debounce', 'throttle']);
