import { namesCreateByItself } from './constants.js';
import { type Given, passedTo, without } from './given.js';
import { eventsInText, joined, none, type Strings, template, union } from './joined.js';
import { type Lookup, membersOf } from './lookup.js';
import { bare, calleeName, child, children, isA, isFunction, keyOf, type Node, text } from './node.js';
import type { Binding } from './tree.js';

/** How many references deep a value is followed. */
export const DEPTH = 12;
/** How many expressions are read per value: names that refer to each other can branch without end. */
const BUDGET = 1_000;

type Read = (value: Node | null, params: Given) => Strings;

/** Reads the possible values of one expression. */
export class Reader {
  readonly #lookup: Lookup;
  /** Names being followed, so that a name that refers to itself ends there. */
  readonly #followed = new Set<Binding>();
  #left = BUDGET;

  constructor(lookup: Lookup) {
    this.#lookup = lookup;
  }

  events(given: Node | null, params: Given, depth: number): Strings {
    const node = this.#next(given, depth);
    if (!node) return none;
    const into = (each: Node | null): Strings => this.events(each, params, depth - 1);
    switch (node.type) {
      case 'ObjectExpression':
        return this.#objectEvents(node, params, depth);
      case 'SequenceExpression':
        return into(children(node, 'expressions').at(-1) ?? null);
      case 'AwaitExpression':
      case 'SpreadElement':
        return into(child(node, 'argument'));
      case 'ArrayExpression':
        return union([none, ...children(node, 'elements').map(into)]);
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
        return this.#either(node, params, depth, (each, inner) => this.events(each, inner, depth - 1));
    }
  }

  strings(given: Node | null, params: Given, depth: number): Strings {
    const node = this.#next(given, depth);
    if (!node) return none;
    const into = (each: Node | null): Strings => this.strings(each, params, depth - 1);
    switch (node.type) {
      case 'Literal':
      case 'StringLiteral': {
        const value = text(node, 'value');
        return value === null ? none : new Set([value]);
      }
      case 'TemplateLiteral':
        return template(node, into);
      case 'BinaryExpression':
        return node['operator'] === '+' ? joined([into(child(node, 'left')), into(child(node, 'right'))]) : none;
      case 'CallExpression':
        return this.#callStrings(node, params, depth);
      case 'MemberExpression': {
        const known = this.#either(node, params, depth, (each, inner) => this.strings(each, inner, depth - 1));
        return known.size === 0 && namesCreateByItself(keyOf(node)) ? new Set(['response.create']) : known;
      }
      default:
        return this.#either(node, params, depth, (each, inner) => this.strings(each, inner, depth - 1));
    }
  }

  #next(given: Node | null, depth: number): Node | null {
    this.#left -= 1;
    return depth <= 0 || this.#left < 0 ? null : bare(given);
  }

  /** Reads the forms that events and strings share: choices, names and members. */
  #either(node: Node, params: Given, depth: number, read: Read): Strings {
    const into = (each: Node | null): Strings => read(each, params);
    switch (node.type) {
      case 'ConditionalExpression':
        return union([into(child(node, 'consequent')), into(child(node, 'alternate'))]);
      case 'LogicalExpression':
        return union([into(child(node, 'left')), into(child(node, 'right'))]);
      case 'Identifier':
        return this.#named(node, params, read, depth);
      case 'MemberExpression': {
        const key = keyOf(node);
        const keys = key === null ? [...this.strings(child(node, 'property'), params, depth - 1)] : [key];
        return union([none, ...keys.flatMap((each) => this.#lookup.member(node, each)).map(into)]);
      }
      default:
        return none;
    }
  }

  // Objects ------------------------------------------------------------------------------------------------------------

  /**
   * The types of an object. The last `type` counts, and a spread after it may replace it. An object with functions is
   * no event.
   */
  #objectEvents(node: Node, params: Given, depth: number): Strings {
    let found: Strings = none;
    for (const property of children(node, 'properties')) {
      if (isA(property, 'SpreadElement', 'ExperimentalSpreadProperty')) {
        const spread = this.events(child(property, 'argument'), params, depth - 1);
        if (spread.size > 0) found = union([found, spread]);
      } else if (ofOthers.has(keyOf(property) ?? '') || isFunction(bare(child(property, 'value')))) {
        return none;
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

  /** The types of an instance whose class, in this file, has a field `type`. */
  #instanceEvents(node: Node, params: Given, depth: number): Strings {
    const callee = bare(child(node, 'callee'));
    const [declared] = callee?.type === 'Identifier' ? (this.#lookup.binding(callee)?.values ?? []) : [];
    if (!isA(declared ?? null, 'ClassDeclaration', 'ClassExpression')) return none;
    const fields = membersOf(declared ?? null).filter((each) => keyOf(each) === 'type');
    return union([none, ...fields.map((each) => this.strings(child(each, 'value'), params, depth - 1))]);
  }

  // Names and calls ----------------------------------------------------------------------------------------------------

  #named(node: Node, params: Given, read: Read, depth: number): Strings {
    const binding = this.#lookup.binding(node);
    if (!binding) return none;
    const passed = params.get(binding.declaration)?.get(binding.name);
    if (passed) return read(passed, without(params, binding.declaration));
    if (this.#followed.has(binding)) return none;
    this.#followed.add(binding);
    const values = [...binding.values, ...this.#lookup.taken(binding), ...this.#lookup.loopedOver(binding)];
    const types = binding.properties.get('type') ?? [];
    const found = [
      ...values.map((each) => read(each, params)),
      ...types.map((each) => this.strings(each, params, depth - 1)),
    ];
    this.#followed.delete(binding);
    return union([none, ...found]);
  }

  #callEvents(node: Node, params: Given, depth: number): Strings {
    const returned = this.#returned(node, params, (each, inner) => this.events(each, inner, depth - 1));
    if (returned) return returned;
    if (!transparent.has(calleeName(node) ?? '')) return none;
    const callee = bare(child(node, 'callee'));
    const given = children(node, 'arguments').map((each) => this.events(each, params, depth - 1));
    const own = callee?.type === 'MemberExpression' ? this.events(child(callee, 'object'), params, depth - 1) : none;
    return union([own, ...given]);
  }

  #callStrings(node: Node, params: Given, depth: number): Strings {
    const returned = this.#returned(node, params, (each, inner) => this.strings(each, inner, depth - 1));
    if (returned) return returned;
    const name = calleeName(node);
    const callee = bare(child(node, 'callee'));
    const object = callee?.type === 'MemberExpression' ? bare(child(callee, 'object')) : null;
    const into = (each: Node | null): Strings => this.strings(each, params, depth - 1);
    if (name === 'join' && object?.type === 'ArrayExpression') {
      const between = [...into(children(node, 'arguments')[0] ?? null)][0] ?? ',';
      return joined(children(object, 'elements').map(into), between);
    }
    if (name === 'concat' && object) return joined([into(object), ...children(node, 'arguments').map(into)]);
    if (transparent.has(name ?? '')) return union([none, ...children(node, 'arguments').map(into), into(object)]);
    return none;
  }

  /** The values that a function of this file returns for these arguments. Null: the call is of no such function. */
  #returned(call: Node, params: Given, read: Read): Strings | null {
    const called = this.#lookup.called(call);
    if (!called || params.has(called)) return null;
    const inner = new Map(params).set(called, passedTo(called, call));
    return union([none, ...this.#lookup.returns(called).map((each) => read(each, inner))]);
  }
}

/** Keys that show, beside a `type` of the same name, an event of the Responses API, which has a socket of its own. */
const ofOthers: ReadonlySet<string> = new Set(['model', 'input', 'previous_response_id']);

/** Functions that return their argument. */
const transparent: ReadonlySet<string> = new Set([
  ...['stringify', 'parse', 'freeze', 'seal', 'assign', 'structuredClone', 'encode', 'from', 'String', 'cloneDeep'],
  ...['serialize', 'toJSON', 'toString', 'trim', 'resolve'],
]);
