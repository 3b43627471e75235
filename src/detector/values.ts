import { bare, calleeName, child, children, isA, isFunction, keyOf, nameOf, type Node, only, text } from './node.js';
import type { Binding, Tree } from './tree.js';

/** What a parameter stands for while the call of its function is looked into. */
type Given = ReadonlyMap<Node, ReadonlyMap<string, Node>>;

export interface Values {
  /** The event types that this expression, or the event that it is, may have. */
  eventsOf(node: Node | null): ReadonlySet<string>;
  /** The strings that this expression may be. */
  stringsOf(node: Node | null): ReadonlySet<string>;
  /** The function of this file that is called here. */
  calledIn(call: Node): Node | null;
}

/** What expressions may be, as far as one file tells: constants, spreads, templates, choices, helpers that build. */
export function valuesIn(tree: Tree): Values {
  const reader = new Reader(tree);
  return {
    eventsOf: (node) => reader.events(node, new Map(), DEPTH),
    stringsOf: (node) => reader.strings(node, new Map(), DEPTH),
    calledIn: (call) => reader.called(call),
  };
}

/** How far a value is followed. */
const DEPTH = 12;
const none: ReadonlySet<string> = new Set();
const union = (sets: readonly ReadonlySet<string>[]): ReadonlySet<string> => new Set(sets.flatMap((each) => [...each]));

/** Calls whose result is what they are given. */
const transparent: ReadonlySet<string> = new Set([
  ...['stringify', 'parse', 'freeze', 'seal', 'assign', 'structuredClone', 'encode', 'from', 'String', 'cloneDeep'],
  ...['serialize', 'toJSON', 'toString', 'trim', 'resolve'],
]);

class Reader {
  readonly #tree: Tree;

  constructor(tree: Tree) {
    this.#tree = tree;
  }

  events(given: Node | null, params: Given, depth: number): ReadonlySet<string> {
    const node = bare(given);
    if (!node || depth === 0) return none;
    const into = (each: Node | null): ReadonlySet<string> => this.events(each, params, depth - 1);
    switch (node.type) {
      case 'ObjectExpression':
        return this.#objectEvents(node, params, depth);
      case 'Identifier':
        return this.#named(node, params, (each, inner) => this.events(each, inner, depth - 1), depth);
      case 'ConditionalExpression':
        return union([into(child(node, 'consequent')), into(child(node, 'alternate'))]);
      case 'LogicalExpression':
        return union([into(child(node, 'left')), into(child(node, 'right'))]);
      case 'SequenceExpression':
        return into(children(node, 'expressions').at(-1) ?? null);
      case 'AwaitExpression':
      case 'SpreadElement':
        return into(child(node, 'argument'));
      case 'ArrayExpression':
        return union([none, ...children(node, 'elements').map(into)]);
      case 'MemberExpression':
        return this.#member(node, params, depth, (each) => this.events(each, params, depth - 1));
      case 'NewExpression':
        return union([this.#instanceEvents(node, params, depth), ...children(node, 'arguments').map(into)]);
      case 'CallExpression':
        return this.#callEvents(node, params, depth);
      case 'Literal':
      case 'StringLiteral':
        return eventsInText(text(node, 'value') ?? '');
      case 'TemplateLiteral':
      case 'BinaryExpression':
        return union([none, ...[...this.strings(node, params, depth - 1)].map(eventsInText)]);
      default:
        return none;
    }
  }

  strings(given: Node | null, params: Given, depth: number): ReadonlySet<string> {
    const node = bare(given);
    if (!node || depth === 0) return none;
    const into = (each: Node | null): ReadonlySet<string> => this.strings(each, params, depth - 1);
    switch (node.type) {
      case 'Literal':
      case 'StringLiteral': {
        const value = text(node, 'value');
        return value === null ? none : new Set([value]);
      }
      case 'TemplateLiteral':
        return this.#template(node, into);
      case 'BinaryExpression':
        return node['operator'] === '+' ? joined([into(child(node, 'left')), into(child(node, 'right'))]) : none;
      case 'Identifier':
        return this.#named(node, params, (each, inner) => this.strings(each, inner, depth - 1), depth);
      case 'ConditionalExpression':
        return union([into(child(node, 'consequent')), into(child(node, 'alternate'))]);
      case 'LogicalExpression':
        return union([into(child(node, 'left')), into(child(node, 'right'))]);
      case 'MemberExpression': {
        const known = this.#member(node, params, depth, into);
        return known.size > 0 ? known : byName(keyOf(node));
      }
      case 'CallExpression':
        return this.#callStrings(node, params, depth);
      default:
        return none;
    }
  }

  called(call: Node): Node | null {
    const callee = bare(child(call, 'callee'));
    if (callee?.type === 'Identifier') return this.#functionIn(this.#binding(callee)?.values ?? []);
    if (isFunction(callee)) return callee;
    if (callee?.type !== 'MemberExpression') return null;
    const key = keyOf(callee);
    if (key === null) return null;
    if (child(callee, 'object')?.type === 'ThisExpression') return this.#functionIn(this.#memberOfClass(call, key));
    return this.#functionIn(this.#propertiesOf(child(callee, 'object'), key));
  }

  // Objects ------------------------------------------------------------------------------------------------------------

  /** The last `type` counts; a spread after it may bring another. */
  #objectEvents(node: Node, params: Given, depth: number): ReadonlySet<string> {
    let found: ReadonlySet<string> = none;
    for (const property of children(node, 'properties')) {
      if (isA(property, 'SpreadElement', 'ExperimentalSpreadProperty')) {
        const spread = this.events(child(property, 'argument'), params, depth - 1);
        if (spread.size > 0) found = union([found, spread]);
      } else if (this.#isType(property, params, depth)) {
        found = this.strings(child(property, 'value'), params, depth - 1);
      }
    }
    return found;
  }

  #isType(property: Node, params: Given, depth: number): boolean {
    const key = keyOf(property);
    if (key !== null) return key === 'type';
    return this.strings(child(property, 'key'), params, depth - 1).has('type');
  }

  /** An instance of a class of this file whose field `type` says what it is. */
  #instanceEvents(node: Node, params: Given, depth: number): ReadonlySet<string> {
    const callee = bare(child(node, 'callee'));
    const [declared] = callee?.type === 'Identifier' ? (this.#binding(callee)?.values ?? []) : [];
    if (!isA(declared ?? null, 'ClassDeclaration', 'ClassExpression')) return none;
    const fields = membersOf(declared ?? null).filter((each) => keyOf(each) === 'type');
    return union([none, ...fields.map((each) => this.strings(child(each, 'value'), params, depth - 1))]);
  }

  #member(
    node: Node,
    params: Given,
    depth: number,
    read: (value: Node | null) => ReadonlySet<string>,
  ): ReadonlySet<string> {
    const object = bare(child(node, 'object'));
    const key = keyOf(node);
    const keys = key === null ? [...this.strings(child(node, 'property'), params, depth - 1)] : [key];
    const values = keys.flatMap((each) =>
      object?.type === 'ThisExpression' ? this.#memberOfClass(node, each) : this.#propertiesOf(object, each),
    );
    return union([none, ...values.map(read)]);
  }

  /** What a property of an object, of a constant or of an enumeration of this file is given. */
  #propertiesOf(object: Node | null, key: string): readonly Node[] {
    const whole = bare(object);
    if (whole?.type === 'CallExpression' && calleeName(whole) === 'freeze') {
      return this.#propertiesOf(children(whole, 'arguments')[0] ?? null, key);
    }
    if (whole?.type === 'ObjectExpression') {
      const properties = children(whole, 'properties').filter((each) => keyOf(each) === key);
      return properties.flatMap((each) => child(each, 'value') ?? []);
    }
    if (whole?.type === 'TSEnumDeclaration') {
      const members = children(child(whole, 'body') ?? whole, 'members');
      return members.flatMap((each) => (nameOf(child(each, 'id')) === key ? (child(each, 'initializer') ?? []) : []));
    }
    if (isA(whole, 'ClassDeclaration', 'ClassExpression')) {
      return membersOf(whole).flatMap((each) => (keyOf(each) === key ? (child(each, 'value') ?? []) : []));
    }
    if (whole?.type !== 'Identifier') return [];
    const binding = this.#binding(whole);
    if (!binding) return [];
    const given = binding.values.filter((each) => each !== whole);
    return [...(binding.properties.get(key) ?? []), ...given.flatMap((each) => this.#propertiesOf(each, key))];
  }

  #memberOfClass(from: Node, key: string): readonly Node[] {
    for (const each of this.#tree.around(from)) {
      if (!isA(each, 'ClassBody')) continue;
      const members = children(each, 'body').filter((member) => keyOf(member) === key);
      return members.flatMap((member) => child(member, 'value') ?? []);
    }
    return [];
  }

  // Names and calls ----------------------------------------------------------------------------------------------------

  #binding(identifier: Node): Binding | null {
    return this.#tree.bindingOf(identifier['name'] as string, identifier);
  }

  #named(
    node: Node,
    params: Given,
    read: (value: Node | null, params: Given) => ReadonlySet<string>,
    depth: number,
  ): ReadonlySet<string> {
    const binding = this.#binding(node);
    if (!binding) return none;
    const passed = params.get(binding.declaration)?.get(binding.name);
    if (passed) return read(passed, without(params, binding.declaration));
    const looped = this.#loopedOver(binding);
    const types = binding.properties.get('type') ?? [];
    return union([
      none,
      ...[...binding.values, ...looped].map((each) => read(each, params)),
      ...types.map((each) => this.strings(each, params, depth - 1)),
    ]);
  }

  /** `for (const event of events)`, `events.forEach((event) => …)`: one of them. */
  #loopedOver({ declaration, name }: Binding): readonly Node[] {
    const parent = this.#tree.parentOf(declaration);
    if (parent?.type === 'ForOfStatement') return only(parent, 'right');
    if (!isFunction(declaration) || parent?.type !== 'CallExpression') return [];
    const [first] = children(declaration, 'params');
    const callee = bare(child(parent, 'callee'));
    const isLoop = callee?.type === 'MemberExpression' && loops.has(keyOf(callee) ?? '');
    return isLoop && nameOf(first ?? null) === name ? only(callee, 'object') : [];
  }

  #callEvents(node: Node, params: Given, depth: number): ReadonlySet<string> {
    const returned = this.#returned(node, params, (each, inner) => this.events(each, inner, depth - 1));
    if (returned) return returned;
    if (!transparent.has(calleeName(node) ?? '')) return none;
    const callee = bare(child(node, 'callee'));
    const given = children(node, 'arguments').map((each) => this.events(each, params, depth - 1));
    const own = callee?.type === 'MemberExpression' ? this.events(child(callee, 'object'), params, depth - 1) : none;
    return union([own, ...given]);
  }

  #callStrings(node: Node, params: Given, depth: number): ReadonlySet<string> {
    const returned = this.#returned(node, params, (each, inner) => this.strings(each, inner, depth - 1));
    if (returned) return returned;
    const name = calleeName(node);
    const callee = bare(child(node, 'callee'));
    const object = callee?.type === 'MemberExpression' ? bare(child(callee, 'object')) : null;
    const into = (each: Node | null): ReadonlySet<string> => this.strings(each, params, depth - 1);
    if (name === 'join' && object?.type === 'ArrayExpression') {
      const between = [...into(children(node, 'arguments')[0] ?? null)][0] ?? ',';
      return new Set([...joined(children(object, 'elements').map(into), between)]);
    }
    if (name === 'concat' && object) return joined([into(object), ...children(node, 'arguments').map(into)]);
    if (transparent.has(name ?? '')) return union([none, ...children(node, 'arguments').map(into), into(object)]);
    return none;
  }

  /** What a function of this file returns, its parameters being what it is called with. Null: it is no such call. */
  #returned(
    call: Node,
    params: Given,
    read: (value: Node | null, params: Given) => ReadonlySet<string>,
  ): ReadonlySet<string> | null {
    const called = this.called(call);
    if (!called || params.has(called)) return null;
    const passed = new Map<string, Node>();
    for (const [at, param] of children(called, 'params').entries()) {
      const name = nameOf(param.type === 'AssignmentPattern' ? child(param, 'left') : param);
      const value = children(call, 'arguments')[at];
      if (name !== null && value) passed.set(name, value);
    }
    const inner = new Map(params).set(called, passed);
    return union([none, ...this.#returns(called).map((each) => read(each, inner))]);
  }

  #returns(called: Node): readonly Node[] {
    const body = child(called, 'body');
    if (body && body.type !== 'BlockStatement') return [body];
    return this.#tree.nodes
      .filter((each) => {
        if (each.type !== 'ReturnStatement') return false;
        for (const outer of this.#tree.around(each)) if (isFunction(outer)) return outer === called;
        return false;
      })
      .flatMap((each) => child(each, 'argument') ?? []);
  }

  #functionIn(values: readonly Node[]): Node | null {
    return values.map(bare).find(isFunction) ?? null;
  }

  #template(node: Node, into: (each: Node | null) => ReadonlySet<string>): ReadonlySet<string> {
    const quasis = children(node, 'quasis').map((each) => {
      const value = each['value'] as { readonly cooked?: string | null } | undefined;
      return new Set([value?.cooked ?? '']);
    });
    const between = children(node, 'expressions').map((each) => {
      const known = into(each);
      return known.size > 0 ? known : new Set(['\u{fffd}']);
    });
    return joined(quasis.flatMap((each, at) => [each, ...(between[at] ? [between[at]] : [])]));
  }
}

/** A constant of another file, `EventType.RESPONSE_CREATE`, is known by its name alone. */
const byName = (key: string | null): ReadonlySet<string> =>
  /^(RESPONSE_CREATE|ResponseCreate|responseCreate)$/.test(key ?? '') ? new Set(['response.create']) : none;

const loops: ReadonlySet<string> = new Set(['forEach', 'map', 'flatMap', 'for']);

function without(params: Given, declaration: Node): Given {
  const fewer = new Map(params);
  fewer.delete(declaration);
  return fewer;
}

const membersOf = (declared: Node | null): readonly Node[] => children(child(declared, 'body'), 'body');

/** Every way to put one of each together. Bounded: a name with many values is not worth following. */
function joined(parts: readonly ReadonlySet<string>[], between = ''): ReadonlySet<string> {
  let made: readonly string[] | null = null;
  for (const part of parts) {
    made = made === null ? [...part] : made.flatMap((begin) => [...part].map((end) => begin + between + end));
    if (made.length > MOST) return none;
  }
  return new Set(made ?? []);
}
const MOST = 64;

/** The types of an event that is written out as JSON. */
export function eventsInText(written: string): ReadonlySet<string> {
  if (!written.includes('"type"')) return none;
  const type = /"type"\s*:\s*"([^"]*)"/.exec(written)?.[1];
  return type === undefined ? none : new Set([type]);
}
