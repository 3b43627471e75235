import type { Node } from '../../detector/index.js';
import type { Py } from './syntax.js';

/**
 * `f(x) for x in xs if test`, as a loop around the element, so that its names refer to the list's elements. Several
 * loops are nested.
 */
export function comprehensionOf(parts: readonly Py[], into: (each: Py) => Node): Node {
  const begins = parts.flatMap(({ name }, at) => (name === 'for' ? [at] : []));
  const made = parts.slice(0, begins[0]).filter(isExpression).map(into);
  const loops = begins.map((at, which) => parts.slice(at + 1, begins[which + 1]));
  const span = { start: parts[0]?.from ?? 0, end: parts.at(-1)?.to ?? 0 };
  return loops.reduceRight<Node>((body, loop) => loopOf(loop, body, into), {
    type: 'PythonMade',
    ...span,
    parts: made,
  });
}

function loopOf(loop: readonly Py[], made: Node, into: (each: Py) => Node): Node {
  const at = loop.findIndex(({ name }) => name === 'in');
  const [list, ...tests] = loop
    .slice(at + 1)
    .filter(isExpression)
    .map(into);
  const span = { start: loop[0]?.from ?? 0, end: loop.at(-1)?.to ?? 0 };
  const declarations = loop
    .slice(0, at)
    .filter(({ name }) => name === 'VariableName' || name === 'TupleExpression')
    .map((each) => ({ type: 'VariableDeclarator', start: each.from, end: each.to, id: into(each), init: null }));
  return {
    ...{ type: 'ForOfStatement', ...span, right: list ?? null },
    left: { type: 'VariableDeclaration', kind: 'let', ...span, declarations },
    body: { type: 'PythonMade', ...span, parts: [...tests, made] },
  };
}

const isExpression = ({ name }: Py): boolean => !['for', 'in', 'if', 'async', ':', ',', '**', '*'].includes(name);
