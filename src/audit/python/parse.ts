import type { Node } from '../../detector/index.js';
import type { Parser } from '../parsers.js';
import { placesIn } from '../places.js';
import { UnreadableError } from '../report.js';
import { mended } from './mend.js';
import { statementsOf } from './statements.js';
import { ERROR, type LezerNode, type Py, pyOf } from './syntax.js';

/**
 * Reads a file of Python as a program of JavaScript: what both have is called the same, so that one detector reads both.
 *
 * @throws {UnreadableError} Where the parser could not understand it.
 */
export function parsePython(parsers: readonly Parser[], text: string): Node {
  const parser = parsers[0]?.exports['parser'] as { parse(text: string): { readonly topNode: LezerNode } };
  const read = (code: string): Py => pyOf(parser.parse(code).topNode);
  const source = text.replace(/^\uFEFF/, ' ');
  const asWritten = read(source);
  const root = errorIn(asWritten) ? read(mended(source)) : asWritten;
  const error = errorIn(root);
  if (error) throw new UnreadableError('Syntax error', placesIn(text)(error.from).line);
  return { type: 'Program', start: root.from, end: root.to, body: statementsOf(root.children, source) };
}

function errorIn(node: Py): Py | null {
  if (node.name === ERROR) return node;
  for (const each of node.children) {
    const found = errorIn(each);
    if (found) return found;
  }
  return null;
}
