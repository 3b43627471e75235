import { parse } from '@typescript-eslint/typescript-estree';
import { detect, type File, fileOf, type Finding, type Node } from '../../src/detector/index.js';

export const programOf = (text: string): Node => parse(text, { range: true, jsx: false }) as unknown as Node;
export const read = (text: string): File => fileOf(programOf(text), text);
export const find = (text: string): readonly Finding[] => detect(programOf(text), text);

/** The argument of the only call `at(…)` in a file. */
export function markedIn(file: File): Node {
  const calls = file.tree.nodes.filter(
    (node) => node.type === 'CallExpression' && (node['callee'] as { readonly name?: string }).name === 'at',
  );
  const [call] = calls;
  if (!call || calls.length > 1) throw new Error('Mark one place with at(…)');
  return (call['arguments'] as readonly Node[])[0]!;
}

export function stringsAt(text: string): readonly string[] {
  const file = read(text);
  return [...file.values.stringsOf(markedIn(file))].sort();
}
export function eventsAt(text: string): readonly string[] {
  const file = read(text);
  return [...file.values.eventsOf(markedIn(file))].sort();
}
