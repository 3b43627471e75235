import type { Node } from '../detector/index.js';

/** One program made of the scripts of a component and of the expressions in its template. */
export function composed(programs: readonly Node[], expressions: readonly Node[]): Node {
  const body = programs.flatMap(({ body }) => body as readonly Node[]);
  const from = [...body, ...expressions];
  return { type: 'Program', sourceType: 'module', start: 0, end: 0, body: from };
}

/** A handler of a template as the function that it becomes, named for its event: `@click`, `on:click`. */
export function handlerOf(name: string, inner: readonly Node[]): Node {
  const [start, end] = [inner[0]?.['start'] ?? 0, inner.at(-1)?.['end'] ?? 0];
  const body = { type: 'BlockStatement', start, end, body: inner };
  const id = { type: 'Identifier', name, start, end };
  return { type: 'FunctionDeclaration', id, params: [], body, start, end };
}

/** An expression that a template shows or passes on, as a statement. */
export const statementOf = (expression: Node): Node => ({
  type: 'ExpressionStatement',
  start: expression['start'],
  end: expression['end'],
  expression,
});
