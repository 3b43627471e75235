import type { Node } from '../../detector/index.js';
import type { Py } from './syntax.js';

/** Translates a Python string to a JavaScript literal, or, with placeholders, to a template. */
export function stringOf(node: Py, text: string, expression: (node: Py) => Node): Node {
  if (node.name === 'ContinuedString') {
    return node.children.map((each) => stringOf(each, text, expression)).reduce((left, right) => sum(left, right));
  }
  if (node.name === 'FormatString') return templateOf(node, text, expression);
  const written = text.slice(node.from, node.to);
  return { type: 'Literal', start: node.from, end: node.to, value: valueOf(written), raw: written };
}

const sum = (left: Node, right: Node): Node => ({
  ...{ type: 'BinaryExpression', operator: '+', left, right },
  ...{ start: left['start'], end: right['end'] },
});

interface Opening {
  readonly length: number;
  readonly quotes: number;
  readonly isRaw: boolean;
}

/** The prefix and the quotes at the beginning of a string. */
function openingOf(written: string): Opening {
  const [whole = '', prefix = '', quotes = ''] = /^([A-Za-z]*)('''|"""|'|")/.exec(written) ?? [];
  return { length: whole.length, quotes: quotes.length, isRaw: /r/i.test(prefix) };
}

function valueOf(written: string): string {
  const { length, quotes, isRaw } = openingOf(written);
  const content = written.slice(length, written.length - quotes);
  return isRaw ? content : unescaped(content);
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '\n': '', '0': '\0' };

const unescaped = (content: string): string =>
  content.replace(/\\(x[\da-fA-F]{2}|u[\da-fA-F]{4}|[^])/g, (_, code: string) =>
    code.length > 1 ? String.fromCharCode(parseInt(code.slice(1), 16)) : (escapes[code] ?? code),
  );

/** `f"response.{verb}"` as a template: the text between placeholders has doubled braces replaced by single ones. */
function templateOf(node: Py, text: string, expression: (node: Py) => Node): Node {
  const { length, quotes, isRaw } = openingOf(text.slice(node.from, node.to));
  const holes = node.children.filter(({ name }) => name === 'FormatReplacement');
  const quasis: Node[] = [];
  const quasi = (from: number, to: number): void => {
    const written = text.slice(from, to).replace(/\{\{|\}\}/g, (braces) => braces.slice(1));
    const value = { raw: written, cooked: isRaw ? written : unescaped(written) };
    quasis.push({ type: 'TemplateElement', start: from, end: to, value });
  };
  let at = node.from + length;
  for (const hole of holes) {
    quasi(at, hole.from);
    at = hole.to;
  }
  quasi(at, node.to - quotes);
  const expressions = holes.map((hole) => {
    const [shown] = hole.children.filter(
      ({ name }) => !['{', '}', ':', 'FormatConversion', 'FormatSpec'].includes(name),
    );
    return shown ? expression(shown) : { type: 'Literal', value: '', start: hole.from, end: hole.to };
  });
  return { type: 'TemplateLiteral', start: node.from, end: node.to, quasis, expressions };
}
