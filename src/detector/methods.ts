import type { File } from './file.js';
import { bare, calleeName, child, children, isFunction, keyOf, type Node, ownerOf } from './node.js';
import { spaced } from './words.js';

const CREATE = 'response.create';

/** Method names that no other library has. */
const unmistakable: ReadonlySet<string> = new Set([
  ...['sendResponseCreate', 'send_response_create', 'sendUserMessageContent', 'send_user_message_content'],
]);
/** Common method names, which count only on a known realtime client. */
const common: ReadonlySet<string> = new Set(['createResponse', 'create_response', 'triggerResponse']);
const client = /realtime|^rt[A-Z_]|^rt$|^(client|session|conn|connection|transport|agent)$/i;
/** Senders that may take the event's name as their first argument. */
const senders = /^_?(send|dispatch|publish)/i;
/** Matches replies to HTTP requests, and stores of records. */
const others =
  /^(res|resp|response|reply|req|prisma|db|database|store|repo|repository|orm|model|models|tx|cloudformation)$/i;

/** Whether a call is of a method that builds and sends a `response.create` itself. */
export function createsItself(file: File, call: Node): boolean {
  if (call.type !== 'CallExpression' || file.values.calledIn(call) !== null) return false;
  const callee = bare(child(call, 'callee'));
  if (callee?.type !== 'MemberExpression') return false;
  const name = keyOf(callee) ?? '';
  const owner = ownerOf(callee);
  const [first] = children(call, 'arguments');
  if (unmistakable.has(name)) return true;
  if (name === 'create' && owner === 'response') return isOnClient(file, callee) && !isRecord(first);
  if (!file.speaksRealtime) return false;
  return name === 'requestResponse' || (common.has(name) && client.test(owner ?? '') && !isReply(first));
}

/**
 * Whether a call names the type apart from the rest of the event: `realtime.send('response.create', …)`. Helpers of
 * this file are analysed instead.
 */
export function isSentByName(file: File, call: Node): boolean {
  if (!senders.test(calleeName(call) ?? '') || file.values.calledIn(call) !== null) return false;
  const [first, second] = children(call, 'arguments');
  return !others.test(ownerOf(bare(child(call, 'callee'))) ?? '') && isCreate(file, first) && !isCount(second);
}

/**
 * Whether a second argument makes the call a count, as in `send('response.create', 1)`: the rest of an event is an
 * object.
 */
const isCount = (given: Node | undefined): boolean => isPrimitive(given) && given?.['value'] !== null;

const isCreate = (file: File, given: Node | undefined): boolean =>
  given !== undefined && file.values.stringsOf(given).has(CREATE);

/**
 * Whether `response.create()` belongs to a realtime client, as in `connection.response.create()` but not in
 * `prisma.response.create()`.
 */
function isOnClient(file: File, callee: Node): boolean {
  const owner = ownerOf(bare(child(callee, 'object'))) ?? '';
  return /\b(conn|connection|realtime|rt)$/.test(spaced(owner)) || (file.speaksRealtime && !others.test(owner));
}

/** Whether an argument has properties of an HTTP reply or a database row, and so is no model response. */
const hasKey = (given: Node | undefined, keys: readonly string[]): boolean =>
  children(given ?? null, 'properties').some((each) => keys.includes(keyOf(each) ?? ''));
const isReply = (given: Node | undefined): boolean =>
  hasKey(given, ['status', 'statusCode', 'headers', 'body']) || isFunction(given ?? null) || isPrimitive(given);
const isRecord = (given: Node | undefined): boolean => hasKey(given, ['data', 'where']) || isReply(given);
const isPrimitive = (given: Node | undefined): boolean =>
  given?.type === 'Literal' || given?.type === 'TemplateLiteral';
