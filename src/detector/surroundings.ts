import { dangersInTurn, outputsIn } from './before.js';
import { eventsOfBranch } from './conditions.js';
import { type Danger, eventDangers, inOrder, nameDangers } from './dangers.js';
import { functionName } from './functions.js';
import { children, isFunction, type Node } from './node.js';
import { type Added, nothing, registrationOf, tablesIn } from './registrations.js';
import type { Tree } from './tree.js';
import { usesOf } from './uses.js';
import type { Values } from './values.js';

export { functionAround } from './functions.js';

/** What is known of a place without looking outside its function. */
interface Place {
  /** The enclosing function; null: the module itself. */
  readonly inside: Node | null;
  readonly dangers: ReadonlySet<Danger>;
  readonly isLater: boolean;
}
/** A way into a function: from where it is called, passed on, or written. */
interface Way {
  readonly from: Place;
  readonly added: Added;
}
type Surroundings = (node: Node) => readonly Danger[];

const known = new WeakMap<Tree, Surroundings>();

/**
 * The dangers when this place runs: from the names of functions, the events being handled, and earlier calls; and from
 * everything in the file that calls or registers the functions around it.
 */
export function dangersAt(tree: Tree, values: Values, node: Node): readonly Danger[] {
  const found = known.get(tree) ?? surroundingsIn(tree, values);
  known.set(tree, found);
  return found(node);
}

/**
 * Visits each node once, and passes each danger along each way once, so that the time is linear in the file's length.
 */
function surroundingsIn(tree: Tree, values: Values): Surroundings {
  const places = placesIn(tree, values);
  const dangers = dangersOfFunctions(tree, waysIn(tree, values, places));
  return (node) => {
    const place = places.get(node);
    return place ? inOrder(allOf(place, dangers)) : ['elsewhere'];
  };
}

const allOf = (place: Place, ofFunctions: ReadonlyMap<Node, ReadonlySet<Danger>>): ReadonlySet<Danger> =>
  within((place.inside && ofFunctions.get(place.inside)) ?? none, {
    dangers: [...place.dangers],
    isLater: place.isLater,
  });

const none: ReadonlySet<Danger> = new Set();

/** The dangers inside a place. The beginning of the call does not carry over to a handler of later events. */
function within(around: ReadonlySet<Danger>, { dangers, isLater }: Added): ReadonlySet<Danger> {
  const kept = isLater ? [...around].filter((each) => each !== 'before confirmation') : [...around];
  return kept.length === around.size && dangers.every((each) => around.has(each))
    ? around
    : new Set([...kept, ...dangers]);
}

// Places ----------------------------------------------------------------------------------------------------------------

/** Relies on the tree's order: outer nodes come before inner ones. */
function placesIn(tree: Tree, values: Values): ReadonlyMap<Node, Place> {
  const outputs = outputsIn(tree);
  const behind = new Map<Node, readonly Danger[]>();
  const places = new Map<Node, Place>();
  for (const node of tree.nodes) {
    for (const [each, dangers] of dangersInTurn(values, outputs, statementsIn(node))) behind.set(each, dangers);
    const around = aroundOf(places, tree.parentOf(node));
    const { dangers, isLater } = branchOf(tree, values, node);
    const added = { dangers: [...dangers, ...(behind.get(node) ?? [])], isLater };
    places.set(node, { ...around, dangers: within(around.dangers, added), isLater: around.isLater || isLater });
  }
  return places;
}

function aroundOf(places: ReadonlyMap<Node, Place>, parent: Node | null): Place {
  if (parent && isFunction(parent)) return { inside: parent, dangers: none, isLater: false };
  return (parent && places.get(parent)) ?? { inside: null, dangers: none, isLater: false };
}

/** The dangers of a branch for an event, or for an error. */
function branchOf(tree: Tree, values: Values, node: Node): Added {
  if (node.type === 'CatchClause') return { dangers: ['error handler'], isLater: false };
  const events = eventsOfBranch(tree, values, node);
  if (events.length === 0) return nothing;
  return { dangers: events.flatMap(eventDangers), isLater: events.some((each) => each.includes('.')) };
}

const statementsIn = (node: Node): readonly Node[] =>
  node.type === 'ClassBody' ? [] : [...children(node, 'body'), ...children(node, 'consequent')];

// Functions -------------------------------------------------------------------------------------------------------------

function waysIn(tree: Tree, values: Values, places: ReadonlyMap<Node, Place>): ReadonlyMap<Node, readonly Way[]> {
  const uses = usesOf(tree, values);
  const tables = tablesIn(tree);
  const wayBy = (node: Node): readonly Way[] => {
    const from = places.get(node);
    return from ? [{ from, added: registrationOf(tree, values, tables, node) }] : [];
  };
  return new Map(
    tree.nodes.filter(isFunction).map((each) => {
      const named = uses.get(each) ?? [];
      // A named function runs where it is used, not where it is written.
      const written = named.length > 0 && isNamed(tree, each) ? [] : wayBy(each);
      return [each, [...written, ...named.flatMap(wayBy)]];
    }),
  );
}

const isNamed = (tree: Tree, node: Node): boolean =>
  node.type === 'FunctionDeclaration' || tree.parentOf(node)?.type === 'VariableDeclarator';

/** Passes the dangers of each function on to those that it leads to, until nothing changes. Cycles end there. */
function dangersOfFunctions(
  tree: Tree,
  ways: ReadonlyMap<Node, readonly Way[]>,
): ReadonlyMap<Node, ReadonlySet<Danger>> {
  const found = new Map<Node, ReadonlySet<Danger>>();
  const leads = new Map<Node, (readonly [Node, Way])[]>();
  for (const [node, into] of ways) {
    found.set(node, new Set(nameDangers(functionName(tree, node))));
    for (const way of into) {
      if (!way.from.inside) continue;
      const known = leads.get(way.from.inside) ?? [];
      leads.set(way.from.inside, known);
      known.push([node, way]);
    }
  }
  const pending = new Set<Node>();
  const enter = (node: Node, way: Way): void => {
    const before = found.get(node) ?? none;
    const more = [...within(allOf(way.from, found), way.added)].filter((each) => !before.has(each));
    if (more.length === 0) return;
    found.set(node, new Set([...before, ...more]));
    pending.add(node);
  };
  for (const [node, into] of ways) for (const way of into) enter(node, way);
  for (const node of pending) {
    pending.delete(node);
    for (const [next, way] of leads.get(node) ?? []) enter(next, way);
  }
  return found;
}
