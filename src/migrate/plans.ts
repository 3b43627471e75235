import type { File } from '../detector/index.js';
import { bare, child, children, isA, type Node, nameOf } from '../detector/node.js';
import { ourFunction, resolved } from './resolve.js';
import { propertyOf } from './shape.js';

/** A session's plan as far as this file shows it: its objects, in the order of spreading. */
export interface Plan {
  readonly objects: readonly Node[];
  /** `parts`: something from elsewhere is spread into it. */
  readonly known: 'whole' | 'parts';
}

const nothing: Plan = { objects: [], known: 'parts' };

/** The plan that an expression is, or that a function of this file returns. */
export function planIn(file: File, given: Node | null): Plan {
  const node = resolved(file, given);
  if (ourFunction(file, node) === 'plan') return planIn(file, children(node, 'arguments')[0] ?? null);
  if (node?.type !== 'ObjectExpression') return nothing;
  const spread = children(node, 'properties')
    .filter((each) => isA(each, 'SpreadElement'))
    .map((each) => planIn(file, child(each, 'argument')));
  return {
    objects: [...spread.flatMap(({ objects }) => objects), node],
    known: spread.every(({ known }) => known === 'whole') ? 'whole' : 'parts',
  };
}

/** The value of one of its properties: the last one written. */
export const valueIn = ({ objects }: Plan, key: string): Node | null =>
  child(objects.map((each) => propertyOf(each, key)).findLast((each) => each !== null) ?? null, 'value');

/**
 * Where to declare a purpose: the list; `any` if the plan declares none; `elsewhere` if the list is not in this file.
 */
export function purposesOf(file: File, plan: Plan): Node | 'any' | 'elsewhere' {
  const list = valueIn(plan, 'purposes');
  if (!list) return plan.known === 'whole' ? 'any' : 'elsewhere';
  const array = resolved(file, list);
  return array?.type === 'ArrayExpression' ? array : 'elsewhere';
}

/** Whether the runner asks for a follow-up after every tool of the plan, and leaves no call to others. */
export function alwaysFollowsUp(file: File, plan: Plan): boolean {
  if (plan.known !== 'whole') return false;
  if (['unknownTools', 'callId', 'kind'].some((key) => valueIn(plan, key) !== null)) return false;
  const tools = resolved(file, valueIn(plan, 'tools'));
  if (tools?.type !== 'ArrayExpression') return false;
  return children(tools, 'elements').every((each) => repliesByDefault(toolIn(file, each)));
}

/** The definition given to our `tool()`. */
export function toolIn(file: File, given: Node | null): Node | null {
  const call = resolved(file, given);
  if (ourFunction(file, call) !== 'tool') return null;
  const definition = bare(children(call, 'arguments')[0] ?? null);
  return definition?.type === 'ObjectExpression' ? definition : null;
}

/** Whether the model speaks after this tool with the default reply. */
export function repliesByDefault(definition: Node | null): boolean {
  if (!definition || children(definition, 'properties').some((each) => isA(each, 'SpreadElement'))) return false;
  const reply = child(propertyOf(definition, 'reply'), 'value');
  return reply === null || nameOf(bare(reply)) === 'respond';
}
