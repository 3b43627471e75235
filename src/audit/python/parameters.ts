import type { Node } from '../../detector/index.js';
import { childNamed, type Py, splitBy } from './syntax.js';
import { stringOf } from './literals.js';

/** The parameters of a function, without `self`, which no caller passes. */
export function parametersOf(node: Py, text: string): readonly Node[] {
  const list = childNamed(node, 'ParamList');
  const items = (list?.children ?? []).filter(({ name }) => name !== '(' && name !== ')');
  return splitBy(items, ',').flatMap((item): readonly Node[] => {
    const name = item.find((each) => each.name === 'VariableName');
    if (!name) return [];
    const written = text.slice(name.from, name.to);
    if (written === 'self' || written === 'cls') return [];
    const span = { start: name.from, end: name.to };
    const identifier: Node = { type: 'Identifier', name: written, ...span };
    const [star] = item;
    if (star?.name === '*' || star?.name === '**') return [{ type: 'RestElement', argument: identifier, ...span }];
    const value = item.at(-1);
    // A default that is a string may be the type of an event.
    if (value?.name !== 'String' || item.at(-2)?.name !== 'AssignOp') return [identifier];
    const right = stringOf(value, text, () => identifier);
    return [{ type: 'AssignmentPattern', left: identifier, right, start: name.from, end: value.to }];
  });
}
