import type { File } from './file.js';
import { bare, child, children, isFunction, keyOf, nameOf, type Node } from './node.js';

const CREATE = 'response.create';

/** These have one meaning wherever the Realtime API is spoken. */
const unmistakable: ReadonlySet<string> = new Set(['sendResponseCreate', 'send_response_create', 'requestResponse']);
/** These are common: they count on what is known to be a realtime client. */
const common: ReadonlySet<string> = new Set(['createResponse', 'create_response', 'triggerResponse']);
const client = /realtime|^rt[A-Z_]|^rt$|^(client|session|conn|connection|transport|agent)$/i;
/** Senders that take the name of the event first. */
const senders: ReadonlySet<string> = new Set(['send', 'sendEvent', 'send_event', 'sendClientEvent']);
/** Replies to an HTTP request, and what stores records. */
const others = /^(res|resp|response|reply|req|prisma|db|database|repo|repository|orm|model|models|tx|cloudformation)$/i;

/** A method that sends a `response.create` without being given one. */
export function createsItself(file: File, call: Node): boolean {
  if (call.type !== 'CallExpression' || file.values.calledIn(call) !== null) return false;
  const callee = bare(child(call, 'callee'));
  if (callee?.type !== 'MemberExpression') return false;
  const name = keyOf(callee) ?? '';
  const owner = nameOrKey(bare(child(callee, 'object')));
  const [first] = children(call, 'arguments');
  if (senders.has(name)) return !others.test(owner ?? '') && isCreate(file, first);
  if (!speaksRealtime(file)) return false;
  if (name === 'create' && owner === 'response') return isOnClient(callee) && !isRecord(first);
  return unmistakable.has(name) || (common.has(name) && client.test(owner ?? '') && !isReply(first));
}

const isCreate = (file: File, given: Node | undefined): boolean =>
  given !== undefined && file.values.stringsOf(given).has(CREATE);
const nameOrKey = (node: Node | null): string | null =>
  node?.type === 'MemberExpression' ? keyOf(node) : nameOf(node);

/** `connection.response.create()`; not `prisma.response.create()`. */
function isOnClient(callee: Node): boolean {
  const object = bare(child(callee, 'object'));
  return object?.type !== 'MemberExpression' || !others.test(nameOrKey(bare(child(object, 'object'))) ?? '');
}

/** Properties of an HTTP reply, or of a row: not of a response of the model's. */
const hasKey = (given: Node | undefined, keys: readonly string[]): boolean =>
  children(given ?? null, 'properties').some((each) => keys.includes(keyOf(each) ?? ''));
const isReply = (given: Node | undefined): boolean =>
  hasKey(given, ['status', 'statusCode', 'headers', 'body']) || isFunction(given ?? null) || isPrimitive(given);
const isRecord = (given: Node | undefined): boolean => hasKey(given, ['data', 'where']) || isReply(given);
const isPrimitive = (given: Node | undefined): boolean =>
  given?.type === 'Literal' || given?.type === 'TemplateLiteral';

export const speaksRealtime = ({ text }: File): boolean => /realtime|input_audio_buffer|session\.update/i.test(text);
