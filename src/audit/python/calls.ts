import type { Node } from '../../detector/index.js';
import { comprehensionOf } from './comprehensions.js';
import { type Filled, formatOf } from './formats.js';
import { childNamed, type Py, splitBy } from './syntax.js';

type Translate = (node: Py) => Node;

/**
 * A call. The detector knows JavaScript's names, so equivalent functions get those: `json.dumps` becomes `stringify`.
 * Classes are constructed by calls: one that is given a `type`, or is named ResponseCreateEvent, becomes the event
 * itself.
 */
export function callOf(node: Py, text: string, expression: Translate): Node {
  const [calleePy, list] = [node.children[0], childNamed(node, 'ArgList')];
  const { positional, named } = argumentsOf(list, text, expression);
  const span = { start: node.from, end: node.to };
  if (!calleePy) return { type: 'Identifier', name: '', ...span };
  const written = text.slice(calleePy.from, calleePy.to);
  const name = /[A-Za-z_]\w*$/.exec(written)?.[0] ?? '';
  const object = (properties: readonly Node[]): Node => ({ type: 'ObjectExpression', ...span, properties });
  if (written === 'dict') return object([...positional.map(spread), ...named]);
  const [, cast] = positional;
  if (name === 'cast' && cast) return cast;
  const [owner] = calleePy.children;
  if (name === 'encode' && owner) return expression(owner);
  const made = owner ? ofString(name, expression(owner), { positional, named }) : null;
  if (made) return { ...made, ...span };
  const isClass = /^[A-Z]/.test(name);
  if (isClass && /ResponseCreate(Event|Message)?$/.test(name)) return object([...named, typeProperty(node)]);
  if (isClass && positional.length === 0 && named.some(isType)) return object(named);
  const kind = isClass ? 'NewExpression' : 'CallExpression';
  const byName: readonly Node[] = named.length > 0 ? [object(named)] : [];
  const callee = renamed(expression(calleePy), name);
  return { type: kind, ...span, callee, arguments: [...positional, ...byName] };
}

/** Calls on strings: `"…".format(…)`, and `".".join(list)`, whose operands are swapped in JavaScript. */
function ofString(name: string, owner: Node, given: Filled): Node | null {
  if (name === 'format') return formatOf(owner, given);
  const [list] = given.positional;
  if (name !== 'join' || !list) return null;
  const property = { type: 'Identifier', name };
  const callee = { type: 'MemberExpression', computed: false, object: list, property };
  return { type: 'CallExpression', callee, arguments: [owner] };
}

const isType = (property: Node): boolean => (property['key'] as Node | undefined)?.['name'] === 'type';

const spread = (argument: Node): Node => ({
  type: 'SpreadElement',
  argument,
  start: argument['start'],
  end: argument['end'],
});

function typeProperty({ from, to }: Py): Node {
  const span = { start: from, end: to };
  const key = { type: 'Identifier', name: 'type', ...span };
  const value = { type: 'Literal', value: 'response.create', ...span };
  return { type: 'Property', computed: false, ...span, key, value };
}

function argumentsOf(list: Py | null, text: string, expression: Translate): Filled {
  const positional: Node[] = [];
  const named: Node[] = [];
  const items = (list?.children ?? []).filter(({ name }) => name !== '(' && name !== ')');
  for (const item of splitBy(items, ',')) {
    const [first, second, third] = item;
    if (!first) continue;
    if (second?.name === 'AssignOp' && third) named.push(keyword(first, third, text, expression));
    else if (first.name === '**' && second) named.push(spread(expression(second)));
    else if (first.name === '*' && second) positional.push(spread(expression(second)));
    else if (item.some(({ name }) => name === 'for')) positional.push(comprehensionOf(item, expression));
    else positional.push(...item.map(expression));
  }
  return { positional, named };
}

function keyword(name: Py, value: Py, text: string, expression: Translate): Node {
  const key = { type: 'Identifier', name: text.slice(name.from, name.to), start: name.from, end: name.to };
  return { type: 'Property', computed: false, key, value: expression(value), start: name.from, end: value.to };
}

/** Python names and their JavaScript equivalents. */
const sameAs: Readonly<Record<string, string>> = {
  ...{ dumps: 'stringify', loads: 'parse', str: 'String', deepcopy: 'structuredClone', copy: 'structuredClone' },
  ...{ model_dump: 'toJSON', model_dump_json: 'toJSON', to_dict: 'toJSON', to_json: 'toJSON', asdict: 'toJSON' },
  ...{ print: 'log', pprint: 'log', warning: 'warn', exception: 'error', critical: 'error', isinstance: 'is' },
  ...{ assertEqual: 'equal', assertIn: 'include', assertDictEqual: 'equal', approx: 'equal' },
  ...{ assert_called_with: 'calledWith', assert_called_once_with: 'calledWith', assert_any_call: 'calledWith' },
  ...{ assert_awaited_with: 'calledWith', assert_awaited_once_with: 'calledWith', assert_any_await: 'calledWith' },
};

function renamed(callee: Node, name: string): Node {
  const known = Object.hasOwn(sameAs, name) ? sameAs[name] : undefined;
  if (known === undefined) return callee;
  if (callee.type === 'Identifier') return { ...callee, name: known };
  if (callee.type !== 'MemberExpression') return callee;
  return { ...callee, property: { ...(callee['property'] as Node), name: known } };
}
