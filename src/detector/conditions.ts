import { bare, calleeName, child, children, isA, keyOf, nameOf, type Node } from './node.js';
import type { Tree } from './tree.js';
import type { Values } from './values.js';
import { spaced } from './words.js';

type Outcome = 'holds' | 'fails';
const opposite = { holds: 'fails', fails: 'holds' } as const;

/** The events for which the code around this node runs: by a case, or a branch of a condition. */
export function eventsOfBranch(tree: Tree, values: Values, node: Node): readonly string[] {
  const parent = tree.parentOf(node);
  switch (parent?.type) {
    case 'SwitchStatement':
      return node.type === 'SwitchCase' ? eventsOfCase(values, parent, node) : [];
    case 'IfStatement':
    case 'ConditionalExpression': {
      const test = child(parent, 'test');
      if (child(parent, 'consequent') === node) return eventsWhen(values, test, 'holds');
      return child(parent, 'alternate') === node ? eventsWhen(values, test, 'fails') : [];
    }
    case 'LogicalExpression': {
      if (child(parent, 'right') !== node) return [];
      const outcome = isA(parent, 'LogicalExpression') && parent['operator'] === '&&' ? 'holds' : 'fails';
      return parent['operator'] === '??' ? [] : eventsWhen(values, child(parent, 'left'), outcome);
    }
    default:
      return [];
  }
}

/** `case 'a': case 'b': …` runs for both. */
function eventsOfCase(values: Values, whole: Node, node: Node): readonly string[] {
  const cases = children(whole, 'cases');
  const at = cases.indexOf(node);
  let first = at;
  while (first > 0 && children(cases[first - 1] ?? null, 'consequent').length === 0) first -= 1;
  return cases.slice(first, at + 1).flatMap((each) => [...values.stringsOf(child(each, 'test'))]);
}

/** The events that remain for the statements after `if (event.type !== '…') return;`. */
export function eventsBehind(values: Values, statement: Node): readonly string[] {
  const leaves = statement.type === 'IfStatement' && isLeft(child(statement, 'consequent'));
  return leaves && !child(statement, 'alternate') ? eventsWhen(values, child(statement, 'test'), 'fails') : [];
}

/** Whether a branch never reaches the statements after it: it returns, throws, or continues the loop. */
function isLeft(branch: Node | null): boolean {
  const last = branch?.type === 'BlockStatement' ? (children(branch, 'body').at(-1) ?? null) : branch;
  return isA(last, ...leaving);
}
const leaving = [
  ...['ReturnStatement', 'ThrowStatement', 'ContinueStatement', 'BreakStatement'],
  ...['PythonRaiseStatement', 'PythonContinueStatement', 'PythonBreakStatement'],
];

/** The events for which a condition may be true, or false. */
function eventsWhen(values: Values, given: Node | null, outcome: Outcome): readonly string[] {
  const found: string[] = [];
  const pending: (readonly [Node | null, Outcome])[] = [[given, outcome]];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const [written, wanted] = next;
    const test = bare(written);
    if (test?.type === 'LogicalExpression') pending.push([child(test, 'left'), wanted], [child(test, 'right'), wanted]);
    else if (test?.type === 'UnaryExpression' && test['operator'] === '!') {
      pending.push([child(test, 'argument'), opposite[wanted]]);
    } else if (test && asks(test) === wanted) found.push(...comparedIn(values, test));
  }
  return found;
}

/** Whether a comparison concerns the event when it is true, or when it is false. */
function asks(test: Node): Outcome | null {
  if (test.type === 'CallExpression') return ['includes', 'has'].includes(calleeName(test) ?? '') ? 'holds' : null;
  if (test.type !== 'BinaryExpression') return null;
  return comparisons.get(test['operator'] as string) ?? null;
}
const comparisons: ReadonlyMap<string, Outcome> = new Map([
  ...(['===', '=='] as const).map((each) => [each, 'holds'] as const),
  ...(['!==', '!='] as const).map((each) => [each, 'fails'] as const),
]);

function comparedIn(values: Values, test: Node): readonly string[] {
  const sides =
    test.type === 'CallExpression'
      ? [child(bare(child(test, 'callee')), 'object'), ...children(test, 'arguments')]
      : [child(test, 'left'), child(test, 'right')];
  if (sides.some(isState)) return [];
  return sides.flatMap((each) => stringsIn(values, each)).filter((each) => each !== 'end');
}

const stringsIn = (values: Values, given: Node | null): readonly string[] => {
  const node = bare(given);
  const listed = node?.type === 'NewExpression' ? bare(children(node, 'arguments')[0] ?? null) : node;
  if (listed?.type !== 'ArrayExpression') return [...values.stringsOf(node)];
  return children(listed, 'elements').flatMap((each) => [...values.stringsOf(each)]);
};

/** Whether a comparison, such as `channel.readyState === 'open'`, is of a state and not of an event. */
function isState(given: Node | null): boolean {
  let node = bare(given);
  while (node?.type === 'MemberExpression') {
    if (isNameOfState(keyOf(node))) return true;
    node = bare(child(node, 'object'));
  }
  return node?.type === 'Identifier' && isNameOfState(nameOf(node));
}
const isNameOfState = (name: string | null): boolean =>
  name !== null && /\b(state|status|phase|mode|level|outcome|result)$/.test(spaced(name));
