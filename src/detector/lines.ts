import type { File } from './file.js';
import { bare, calleeName, child, keyOf, nameOf, type Node } from './node.js';
import { isSession, typeNamesOf } from './sessions.js';
import { spaced } from './words.js';

const line =
  /\b(ws|sock(et)?|websocket|conn(ection)?|call|session|client|rt|rtc|realtime|(data )?channel|dc|pc|peer|transport|line|phone|twilio|sip|leg|agent)\b/;
const isNameOfLine = (name: string | null): boolean => name !== null && line.test(spaced(name));

/** Whether a name, if there is one, suggests a socket, a session or a call. */
export const isLine = (owner: string | null): boolean => owner === null || isNameOfLine(owner);

/** Whether an object is a connection: by its name, its type, or the expression that creates it in this file. */
export function carriesLine(file: File, given: Node | null): boolean {
  const object = bare(given);
  if (object?.type === 'MemberExpression') {
    return isNameOfLine(keyOf(object) === 'prototype' ? nameOf(bare(child(object, 'object'))) : keyOf(object));
  }
  if (object?.type !== 'Identifier') return isMadeAsLine(object);
  const name = object['name'] as string;
  if (isNameOfLine(name)) return true;
  const binding = file.tree.bindingOf(name, object);
  if (!binding) return false;
  return isSession(file, binding) || typeNamesOf(binding).some(isNameOfLine) || binding.values.some(isMadeAsLine);
}

/** Whether an expression creates a connection: `new WebSocket(…)`, `await connect(…)`, `peer.createDataChannel(…)`. */
function isMadeAsLine(given: Node | null): boolean {
  const made = bare(given);
  if (made?.type === 'AwaitExpression') return isMadeAsLine(child(made, 'argument'));
  if (made?.type !== 'NewExpression' && made?.type !== 'CallExpression') return false;
  const name = calleeName(made) ?? '';
  return isNameOfLine(name) || (made.type === 'CallExpression' && opens.has(name));
}
const opens: ReadonlySet<string> = new Set(['connect', 'openSession', 'configure', 'simulate', 'create_connection']);
