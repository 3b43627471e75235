import type { File } from '../detector/index.js';
import { bare, child, children, isA, keyOf, type Node, spanOf } from '../detector/node.js';
import type { Edit } from './edits.js';
import { callIn, isInList, listAround } from './follow-ups.js';
import { mayHoldComment, removal } from './lines.js';
import { type Create, eventIn } from './shape.js';

/** The `response.cancel` directly before a create: a bare one, `unclear` if it has more to it, or null. */
export type Cancel = { readonly statement: Node } | 'unclear' | null;

export function cancelBefore(file: File, create: Create): Cancel {
  if (!create.statement || !isInList(file, create.statement)) return null;
  const list = listAround(file, create.statement);
  const before = list[list.indexOf(create.statement) - 1];
  if (!before || !cancels(file, before)) return null;
  const call = callIn(before);
  const [given, ...more] = children(call, 'arguments');
  const event = eventIn(given ?? null);
  const isPlain = event !== null && more.length === 0 && children(event, 'properties').length === 1;
  const isSame = call !== null && calleeText(file, call) === calleeText(file, callIn(create.statement));
  return isPlain && isSame && !mayHoldComment(textOf(file, before)) ? { statement: before } : 'unclear';
}

function cancels(file: File, node: Node): boolean {
  if (node.type === 'Literal' && node['value'] === 'response.cancel') return true;
  return file.tree.childrenOf(node).some((each) => cancels(file, each));
}

const textOf = (file: File, node: Node): string => file.text.slice(...spanOf(node));
const calleeText = (file: File, call: Node | null): string => {
  const callee = bare(child(call, 'callee'));
  return callee ? textOf(file, callee) : '';
};

/** Writes `session.respond('purpose', { interrupt: true, response: … })` in place of a raw create. */
export function responding(file: File, create: Create, session: string, purpose: string, cancel: Cancel): Edit[] {
  const { expression, event } = create;
  const [start, end] = spanOf(expression);
  const call = `void ${session}.respond('${purpose}'`;
  const interrupt = cancel !== null && cancel !== 'unclear' ? [removal(file.text, spanOf(cancel.statement))] : [];
  const option = interrupt.length > 0 ? 'interrupt: true' : '';
  if (!event || isEmpty(file, create)) {
    return [...interrupt, { start, end, text: `${call}${option && `, { ${option} }`})` }];
  }
  const [from, to] = spanOf(event);
  const edits = [{ start, end: from, text: `${call}, ` }, ...withoutType(file, event, option)];
  return [...interrupt, ...edits, { start: to, end, text: ')' }];
}

/** Whether the event contains only its type, and no comment. */
const isEmpty = (file: File, { event, response }: Create): boolean =>
  event !== null && response === null && !mayHoldComment(textOf(file, event));

/** Removes the event's type, and puts `option` in its place. */
function withoutType(file: File, event: Node, option: string): Edit[] {
  const properties = children(event, 'properties');
  const at = properties.findIndex((each) => isA(each, 'Property', 'ObjectProperty') && keyOf(each) === 'type');
  const [type, before, after] = [properties[at], properties[at - 1], properties[at + 1]];
  if (!type) return [];
  const [start, end] = spanOf(type);
  if (option) return [{ start, end, text: option }];
  if (after) return [{ start, end: commaAfter(file, end, spanOf(after)[0]), text: '' }];
  if (!before) return [{ start, end, text: '' }];
  const from = spanOf(before)[1];
  return mayHoldComment(file.text.slice(from, start)) ? [{ start, end, text: '' }] : [{ start: from, end, text: '' }];
}

/** The position up to the next property, or, if a comment is between, after the comma. */
function commaAfter(file: File, end: number, next: number): number {
  const between = file.text.slice(end, next);
  if (!mayHoldComment(between)) return next;
  const comma = /^\s*,[ \t]*/.exec(between)?.[0].length ?? 0;
  return end + comma;
}
