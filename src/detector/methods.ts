import type { File } from './file.js';
import { bare, calleeName, child, children, isFunction, keyOf, type Node, ownerOf } from './node.js';
import { spaced } from './words.js';

const CREATE = 'response.create';

/** No other library has these names. */
const unmistakable: ReadonlySet<string> = new Set([
  ...['sendResponseCreate', 'send_response_create', 'sendUserMessageContent', 'send_user_message_content'],
]);
/** These are common: they count on what is known to be a realtime client. */
const common: ReadonlySet<string> = new Set(['createResponse', 'create_response', 'triggerResponse']);
const client = /realtime|^rt[A-Z_]|^rt$|^(client|session|conn|connection|transport|agent)$/i;
/** Senders that may take the name of the event first. */
const senders = /^_?(send|dispatch|publish)/i;
/** Replies to an HTTP request, and what stores records. */
const others =
  /^(res|resp|response|reply|req|prisma|db|database|store|repo|repository|orm|model|models|tx|cloudformation)$/i;

/** A method that sends a `response.create` without being given one. */
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

/** `realtime.send('response.create', …)`: the type apart from the rest. What a helper of this file does is its own. */
export function isSentByName(file: File, call: Node): boolean {
  if (!senders.test(calleeName(call) ?? '') || file.values.calledIn(call) !== null) return false;
  const [first, second] = children(call, 'arguments');
  return !others.test(ownerOf(bare(child(call, 'callee'))) ?? '') && isCreate(file, first) && !isCount(second);
}

/** `send('response.create', 1)` counts something: the rest of an event is an object. */
const isCount = (given: Node | undefined): boolean => isPrimitive(given) && given?.['value'] !== null;

const isCreate = (file: File, given: Node | undefined): boolean =>
  given !== undefined && file.values.stringsOf(given).has(CREATE);

/** `connection.response.create()`, wherever the connection comes from; not `prisma.response.create()`. */
function isOnClient(file: File, callee: Node): boolean {
  const owner = ownerOf(bare(child(callee, 'object'))) ?? '';
  return /\b(conn|connection|realtime|rt)$/.test(spaced(owner)) || (file.speaksRealtime && !others.test(owner));
}

/** Properties of an HTTP reply, or of a row: not of a response of the model's. */
const hasKey = (given: Node | undefined, keys: readonly string[]): boolean =>
  children(given ?? null, 'properties').some((each) => keys.includes(keyOf(each) ?? ''));
const isReply = (given: Node | undefined): boolean =>
  hasKey(given, ['status', 'statusCode', 'headers', 'body']) || isFunction(given ?? null) || isPrimitive(given);
const isRecord = (given: Node | undefined): boolean => hasKey(given, ['data', 'where']) || isReply(given);
const isPrimitive = (given: Node | undefined): boolean =>
  given?.type === 'Literal' || given?.type === 'TemplateLiteral';
