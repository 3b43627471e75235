import type { Node } from '../detector/index.js';

/** Joins the scripts of a component and the expressions in its template into one program. */
export function composed(programs: readonly Node[], expressions: readonly Node[]): Node {
  const body = programs.flatMap(({ body }) => body as readonly Node[]);
  const from = [...body, ...expressions];
  return { type: 'Program', sourceType: 'module', start: 0, end: 0, body: from };
}

/** Turns a template's handler into a function named after its event: `@click`, `on:click`. */
export function handlerOf(name: string, inner: readonly Node[]): Node {
  const [start, end] = [inner[0]?.['start'] ?? 0, inner.at(-1)?.['end'] ?? 0];
  const body = { type: 'BlockStatement', start, end, body: inner };
  const id = { type: 'Identifier', name, start, end };
  return { type: 'FunctionDeclaration', id, params: [], body, start, end };
}

/** Turns an expression that a template shows or passes on into a statement. */
export const statementOf = (expression: Node): Node => ({
  type: 'ExpressionStatement',
  start: expression['start'],
  end: expression['end'],
  expression,
});
