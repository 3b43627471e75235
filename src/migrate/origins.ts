import type { File } from '../detector/index.js';
import { bare, child, children, isA, isFunction, keyOf, type Node, nameOf } from '../detector/node.js';
import type { Binding } from '../detector/tree.js';
import { callsOf } from './callers.js';
import { bindingOf } from './resolve.js';
import { propertyOf } from './shape.js';

/** Where an object comes from, as far as one file shows. */
export interface Origin {
  /**
   * Equal keys mean the same object: the expression that creates it, or the name or member beyond which nothing is
   * known.
   */
  readonly key: unknown;
  /** The annotated names and fields through which it has passed. */
  readonly typed: readonly Node[];
}

/** All possible origins of an expression. Empty: it is only null. */
export const originsOf = (file: File, given: Node | null): readonly Origin[] => new Search(file).of(given);

/** Follows each name and each field once, so that cycles end. */
class Search {
  readonly #file: File;
  readonly #followed = new Set<unknown>();

  constructor(file: File) {
    this.#file = file;
  }

  of(given: Node | null): readonly Origin[] {
    const node = bare(given);
    switch (node?.type) {
      case undefined:
        return [];
      case 'Literal':
        return node['value'] === null ? [] : [opaque(node)];
      case 'AwaitExpression':
        return this.of(child(node, 'argument'));
      case 'LogicalExpression':
        return [...this.of(child(node, 'left')), ...this.of(child(node, 'right'))];
      case 'ConditionalExpression':
        return [...this.of(child(node, 'consequent')), ...this.of(child(node, 'alternate'))];
      case 'Identifier':
        return this.#ofName(node);
      case 'MemberExpression':
        return this.#ofMember(node);
      default:
        return node ? [opaque(node)] : [];
    }
  }

  #ofName(name: Node): readonly Origin[] {
    const binding = bindingOf(this.#file, name);
    if (binding) return this.#ofBinding(binding);
    return nameOf(name) === 'undefined' ? [] : [opaque(part(this.#file, this.#file.tree.root, nameOf(name) ?? ''))];
  }

  #ofBinding(binding: Binding): readonly Origin[] {
    if (this.#followed.has(binding)) return [];
    this.#followed.add(binding);
    const { declaration, values, taken } = binding;
    const found = [
      ...values.flatMap((each) => this.of(each)),
      ...taken.flatMap(({ object, key }) => this.#ofProperty(object, key)),
      ...(isParameter(binding) ? this.#ofParameter(declaration, binding) : []),
    ];
    this.#followed.delete(binding);
    const known = found.length > 0 || values.length + taken.length > 0 ? found : [opaque(binding)];
    return known.map((each) => passing(each, annotatedIn(declaration, binding.name)));
  }

  /** The arguments of a parameter, if every call of the function is visible; otherwise the parameter itself. */
  #ofParameter(called: Node, binding: Binding): readonly Origin[] {
    const at = children(called, 'params').findIndex((each) => nameOf(nameIn(each)) === binding.name);
    const calls = at < 0 ? null : callsOf(this.#file, called);
    if (!calls || calls.length === 0) return [opaque(binding)];
    return calls.flatMap((call) => {
      const given = children(call, 'arguments').slice(0, at + 1);
      return given.some((each) => each.type === 'SpreadElement') ? [opaque(binding)] : this.of(given[at] ?? null);
    });
  }

  #ofMember(member: Node): readonly Origin[] {
    const key = keyOf(member);
    return key === null ? [opaque(member)] : this.#ofProperty(child(member, 'object'), key);
  }

  #ofProperty(given: Node | null, key: string): readonly Origin[] {
    const object = bare(given);
    if (object?.type === 'ThisExpression') {
      const body = [...this.#file.tree.around(object)].find((each) => each.type === 'ClassBody');
      return body ? this.#ofField(body, key) : [opaque(object)];
    }
    const written = object?.type === 'Identifier' ? this.#writtenIn(object, key) : [];
    if (written.length > 0) return written.flatMap((each) => this.of(each));
    return this.of(object).map((each) => opaque(part(this.#file, each.key, key)));
  }

  /** The values of a property of an object of this file. */
  #writtenIn(name: Node, key: string): readonly Node[] {
    const binding = bindingOf(this.#file, name);
    const own = (binding?.values ?? []).flatMap((each) => {
      const object = bare(each);
      return child(object?.type === 'ObjectExpression' ? propertyOf(object, key) : null, 'value') ?? [];
    });
    return [...own, ...(binding?.properties.get(key) ?? [])];
  }

  #ofField(body: Node, key: string): readonly Origin[] {
    const field = part(this.#file, body, key);
    if (this.#followed.has(field)) return [];
    this.#followed.add(field);
    const { values, places } = fieldIn(this.#file, body, key);
    const found = values.flatMap((each) => this.of(each));
    this.#followed.delete(field);
    const known = values.length > 0 ? found : [opaque(field)];
    return known.map((each) => places.reduce(passing, each));
  }
}

const opaque = (key: unknown): Origin => ({ key, typed: [] });

const passing = ({ key, typed }: Origin, place: Node | null): Origin => ({
  key,
  typed: place ? [...typed, place] : typed,
});

/** One key for each property of an unknown object. */
function part(file: File, whole: unknown, key: string): unknown {
  const known = parts.get(file) ?? new Map<unknown, Map<string, object>>();
  parts.set(file, known);
  const ofWhole = known.get(whole) ?? new Map<string, object>();
  known.set(whole, ofWhole);
  const found = ofWhole.get(key) ?? {};
  ofWhole.set(key, found);
  return found;
}
const parts = new WeakMap<File, Map<unknown, Map<string, object>>>();

/** Whether a binding is a parameter: the function's own name is bound to the function as well. */
const isParameter = ({ declaration, values }: Binding): boolean =>
  isFunction(declaration) && !values.includes(declaration);

/** The name that a parameter or a declarator declares. */
export const nameIn = (place: Node): Node | null => {
  const inner = child(place, 'parameter') ?? child(place, 'id') ?? place;
  return inner.type === 'AssignmentPattern' ? child(inner, 'left') : inner;
};

function annotatedIn(declaration: Node, name: string): Node | null {
  const places = [...children(declaration, 'params'), ...children(declaration, 'declarations')].map(nameIn);
  return places.find((each) => nameOf(each) === name && child(each, 'typeAnnotation') !== null) ?? null;
}

/** The values of a class's field, and its declaration. */
function fieldIn(file: File, body: Node, key: string): { values: readonly Node[]; places: readonly Node[] } {
  const members = children(body, 'body');
  const places = members.filter((each) => isA(each, 'PropertyDefinition') && keyOf(each) === key);
  const constructor = members.find((each) => each['kind'] === 'constructor') ?? null;
  const parameters = children(child(constructor, 'value'), 'params').flatMap((each) =>
    each.type === 'TSParameterProperty' ? (nameIn(each) ?? []) : [],
  );
  const assigned = file.tree.inside(body).flatMap((each) => {
    const left = each.type === 'AssignmentExpression' ? bare(child(each, 'left')) : null;
    const isOwn = left?.type === 'MemberExpression' && bare(child(left, 'object'))?.type === 'ThisExpression';
    return isOwn && keyOf(left) === key ? (child(each, 'right') ?? []) : [];
  });
  const values = [
    ...places.flatMap((each) => child(each, 'value') ?? []),
    ...parameters.filter((each) => nameOf(each) === key),
    ...assigned,
  ];
  return { values, places };
}
