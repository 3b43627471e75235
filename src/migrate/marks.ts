import { type Danger, dangers, type File, type Finding } from '../detector/index.js';
import { isA, type Node, spanOf } from '../detector/node.js';
import type { Edit } from './edits.js';
import { breakOf, indentAt, lineEnd, lineStart } from './lines.js';

const START = '// gated-realtime: ';
const CONTINUED = '//   ';
const WIDTH = 118;

/** How many marks a text contains. */
export const marksIn = (text: string): number =>
  text.split('\n').filter((line) => line.trimStart().startsWith(START)).length;

/** Nodes above which a comment may have a line of its own. */
const anchors = [
  ...['ExpressionStatement', 'VariableDeclaration', 'ReturnStatement', 'ThrowStatement', 'IfStatement', 'SwitchCase'],
  ...['ForStatement', 'ForOfStatement', 'ForInStatement', 'WhileStatement', 'DoWhileStatement', 'TryStatement'],
  ...['SwitchStatement', 'FunctionDeclaration', 'ClassDeclaration', 'ImportDeclaration', 'ExportNamedDeclaration'],
  ...['ExportDefaultDeclaration', 'MethodDefinition', 'PropertyDefinition', 'Property', 'LabeledStatement'],
];

/** The nearest enclosing node that begins its line, so that a comment can be placed above it. Null: there is none. */
export function anchorOf(file: File, node: Node): Node | null {
  for (const each of file.tree.around(node)) {
    if (isA(each, ...anchors) && indentAt(file.text, spanOf(each)[0]) !== null) return each;
  }
  return null;
}

/** The mark that is already above a node, with its line break. Null: there is none. */
export function markAbove(text: string, anchor: Node): Edit | null {
  const end = lineStart(text, spanOf(anchor)[0]);
  for (let at = end; at > 0;) {
    at = lineStart(text, at - 1);
    const line = text.slice(at, lineEnd(text, at)).trim();
    if (line.startsWith(START)) return { start: at, end: endOfMark(text, at, end), text: '' };
    if (!line.startsWith('//') && !isForNextLine(line)) return null;
  }
  return null;
}

function endOfMark(text: string, at: number, end: number): number {
  let next = text.indexOf('\n', at) + 1;
  while (next < end && text.slice(next, lineEnd(text, next)).trimStart().startsWith(CONTINUED)) {
    next = text.indexOf('\n', next) + 1;
  }
  return next;
}

/** Whether a line is a directive about the next line, and must stay directly above it. */
const isForNextLine = (line: string): boolean =>
  /^\s*(\/\/|\/\*).*(-next-line|@ts-(ignore|expect-error)|(prettier|biome|deno)-.*ignore|istanbul ignore|[cv]8 ignore)/.test(
    line,
  ) &&
  (/^\s*\/\//.test(line) || /\*\/\s*$/.test(line));

/** The position for a comment above a node. */
function placeAbove(text: string, anchor: Node): number {
  let at = lineStart(text, spanOf(anchor)[0]);
  for (let above = lineStart(text, at - 1); above < at; above = lineStart(text, at - 1)) {
    if (!isForNextLine(text.slice(above, lineEnd(text, above)))) break;
    at = above;
  }
  return at;
}

/** An edit that adds a comment above a node, wrapped to lines. */
export function marking(text: string, anchor: Node, words: string): Edit {
  const at = placeAbove(text, anchor);
  const indent = indentAt(text, spanOf(anchor)[0]) ?? '';
  const lines: string[] = [];
  let line = START.trimEnd();
  for (const word of words.split(' ')) {
    const isFull = indent.length + line.length + 1 + word.length > WIDTH;
    if (isFull) lines.push(line);
    line = isFull ? `${CONTINUED}${word}` : `${line} ${word}`;
  }
  const ending = breakOf(text);
  return { start: at, end: at, text: [...lines, line].map((each) => `${indent}${each}${ending}`).join('') };
}

// Words ----------------------------------------------------------------------------------------------------------------

const around = (danger: Danger | undefined): string => `goes around ${dangers[danger ?? 'elsewhere']}.`;

/** The text of a mark: which guards the create bypasses, and what to write instead. */
export const markOf = ({ dangers: [danger] }: Finding, advice: string): string => `${around(danger)} ${advice}`;

/** Advice for findings that are not creates. */
export const adviceFor: Readonly<Record<Exclude<Finding['rule'], 'no-raw-response-create'>, string>> = {
  'no-raw-realtime-client':
    'this raw client can send response.create past every guard. Open the session with openSession(), and delete it.',
  'handle-verdict':
    'nobody reads this verdict. Read its kind (admit, hold, refuse), or write `void` where it does not matter.',
  'no-patched-transport':
    'what is written here can send past every guard. Give the session its transport as it is, and call session.send().',
};

export const declare = (purpose: string): string => `declare '${purpose}' in the purposes of the session's plan.`;
