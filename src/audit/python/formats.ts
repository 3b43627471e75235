import type { Node } from '../../detector/index.js';

/** The values for a format string, by position and by name. */
export interface Filled {
  readonly positional: readonly Node[];
  /** Properties, as of an object. */
  readonly named: readonly Node[];
}

/** `"response.%s" % verb` as a template. Null: the format string is not a literal. */
export function percentOf(format: Node, values: Node): Node | null {
  const isList = values.type === 'ArrayExpression';
  const positional = isList ? (values['elements'] as readonly Node[]) : [values];
  const named = values.type === 'ObjectExpression' ? (values['properties'] as readonly Node[]) : [];
  return filled(format, percents, { positional, named });
}
const percents = /%(?:\((\w+)\))?[-+ #0]*[\d*]*(?:\.\d+)?[sdifrxXeEgGcou]|(%%)/g;

/** `"response.{}".format(verb)` as a template. Null: the format string is not a literal. */
export const formatOf = (format: Node, values: Filled): Node | null => filled(format, braces, values);
const braces = /\{(\w*)(?:[.[][^{}:!]*)?(?:![rsa])?(?::[^{}]*)?\}|(\{\{|\}\})/g;

/** Fills a format. In `hole`, the first group is the name, the second a doubled character that stands for itself. */
function filled(format: Node, hole: RegExp, values: Filled): Node | null {
  const written = format['value'];
  if (format.type !== 'Literal' || typeof written !== 'string') return null;
  const quasis: string[] = [''];
  const expressions: Node[] = [];
  const say = (text: string): void => void quasis.push((quasis.pop() ?? '') + text);
  let at = 0;
  for (const match of written.matchAll(hole)) {
    say(written.slice(at, match.index));
    at = match.index + match[0].length;
    const [, name = '', escaped] = match;
    if (escaped !== undefined) say(escaped.slice(1));
    else {
      expressions.push(valueNamed(name, expressions.length, values) ?? unknown(format));
      quasis.push('');
    }
  }
  say(written.slice(at));
  return templateFrom(format, quasis, expressions);
}

/** The value for a placeholder: by name, by number, or the next one. */
function valueNamed(name: string, next: number, { positional, named }: Filled): Node | undefined {
  if (name === '') return positional[next];
  if (/^\d+$/.test(name)) return positional[Number(name)];
  const property = named.find(({ key }) => [(key as Node)['name'], (key as Node)['value']].includes(name));
  return property?.['value'] as Node | undefined;
}

const unknown = ({ start, end }: Node): Node => ({ type: 'Identifier', name: '', start, end });

function templateFrom({ start, end }: Node, quasis: readonly string[], expressions: readonly Node[]): Node {
  const elements = quasis.map((text) => ({
    ...{ type: 'TemplateElement', start, end },
    value: { raw: text, cooked: text },
  }));
  return { type: 'TemplateLiteral', start, end, quasis: elements, expressions };
}
