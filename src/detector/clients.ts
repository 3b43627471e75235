import type { File } from './file.js';
import type { Finding, Kind } from './finding.js';
import { className, isOurs, isRawModule, moduleOfName, rawClients, rawModuleLoadedBy, rootOf } from './modules.js';
import { bare, calleeName, child, children, isA, keyOf, nameOf, type Node } from './node.js';
import { dangersAt, functionAround } from './surroundings.js';

interface Seen {
  readonly kind: Kind;
  readonly what: string;
}

/** Finds raw clients and raw connections, which can send a `response.create` past the gate. */
export function rawRealtimeClients(file: File): readonly Finding[] {
  return file.tree.nodes.flatMap((node) =>
    [loadedBy(file, node), connectedBy(file, node)].flatMap((seen) => (seen ? [findingAt(file, node, seen)] : [])),
  );
}

const findingAt = (file: File, node: Node, { kind, what }: Seen): Finding => ({
  rule: 'no-raw-realtime-client',
  kind,
  node,
  what,
  inside: functionAround(file.tree, node),
  dangers: dangersAt(file.tree, file.values, node),
});

function loadedBy(file: File, node: Node): Seen | null {
  const what = rawModuleLoadedBy(file, node);
  return what === null ? null : { kind: 'import', what };
}

function connectedBy(file: File, node: Node): Seen | null {
  const callee = bare(child(node, 'callee'));
  if (node.type === 'NewExpression') return constructedBy(file, node, callee);
  if (node.type !== 'CallExpression') return null;
  if (isDial(file, node, callee)) return { kind: 'socket', what: calleeName(node) ?? '…' };
  if (callee?.type !== 'MemberExpression') return null;
  if (isConnection(file, node, callee)) return { kind: 'construction', what: 'realtime.connect' };
  const method = keyOf(callee) ?? '';
  const owner = bare(child(callee, 'object'));
  if (['create', 'azure'].includes(method) && isRawClient(file, owner)) {
    return { kind: 'construction', what: `${nameOf(owner) ?? keyOf(owner) ?? '…'}.${method}` };
  }
  const isChannel = method === 'createDataChannel' && firstStrings(file, node).includes('oai-events');
  return isChannel ? { kind: 'channel', what: method } : null;
}

function constructedBy(file: File, node: Node, callee: Node | null): Seen | null {
  const written = nameOf(callee) ?? keyOf(callee) ?? '…';
  if (isRawClient(file, callee)) return { kind: 'construction', what: `new ${written}` };
  const isSocket = /WebSocket|^WS$|^ws$/.test(written) && dialsRealtime(file, node);
  return isSocket ? { kind: 'socket', what: `new ${written}` } : null;
}

/**
 * Whether a call opens a WebSocket, in Python or elsewhere. Our own functions do not count: they open it behind a gate.
 */
function isDial(file: File, call: Node, callee: Node | null): boolean {
  if (!dials.has(calleeName(call) ?? '') || !dialsRealtime(file, call)) return false;
  return !isOurs(moduleOfName(file, rootOf(callee)) ?? '');
}
const dials: ReadonlySet<string> = new Set(['connect', 'create_connection', 'ws_connect', 'connect_ws']);

/** Whether a call is `client.realtime.connect(model=…)` of OpenAI's package for Python. */
function isConnection(file: File, call: Node, callee: Node): boolean {
  const object = bare(child(callee, 'object'));
  const [options] = children(call, 'arguments');
  const names = children(options ?? null, 'properties').map(keyOf);
  const isRealtime = keyOf(callee) === 'connect' && keyOf(object) === 'realtime';
  return isRealtime && /openai/i.test(file.text) && (names.includes('model') || names.includes('call_id'));
}

/**
 * Whether a class is a raw client. `RealtimeSession` and the like are common names: they count only if imported from
 * such a module, or not declared in this file.
 */
function isRawClient(file: File, callee: Node | null): boolean {
  if (!rawClients.has(className(file, callee) ?? '')) return false;
  const root = rootOf(callee);
  const binding = root?.type === 'Identifier' ? file.tree.bindingOf(root['name'] as string, root) : null;
  const source = moduleOfName(file, root);
  if (source !== null) return isRawModule(source) || /^openai$|^@livekit\/agents-plugin-openai$/.test(source);
  return !binding || !isA(binding.declaration, 'ClassDeclaration', 'FunctionDeclaration', 'ImportSpecifier');
}

/** The possible values of the first argument, or of the address among its properties. */
function firstStrings(file: File, call: Node): readonly string[] {
  const [first = null] = children(call, 'arguments');
  const named = children(first, 'properties').filter((each) => ['url', 'uri'].includes(keyOf(each) ?? ''));
  return [first, ...named.map((each) => child(each, 'value'))].flatMap((each) => [...file.values.stringsOf(each)]);
}

/** Matches an address of the Realtime API: OpenAI's, Azure's, or that of a proxy. */
const address =
  /^wss?:\/\/.*openai.*\/realtime\b|^wss?:\/\/.*\/realtime(?:$|[?#\u{fffd}])|\/openai\/(?:v1\/)?realtime\b/u;
const dialsRealtime = (file: File, call: Node): boolean =>
  firstStrings(file, call).some((each) => address.test(each)) ||
  children(call, 'arguments').some((each) => {
    const made = constructed(file, each);
    return made !== null && calleeName(made) === 'URL' && dialsRealtime(file, made);
  });

/** `new URL(…)`, or a constant initialised with one. */
function constructed(file: File, given: Node): Node | null {
  const node = bare(given);
  if (node?.type !== 'Identifier') return node?.type === 'NewExpression' ? node : null;
  const values = file.tree.bindingOf(node['name'] as string, node)?.values ?? [];
  return values.map(bare).find((each) => each?.type === 'NewExpression') ?? null;
}
