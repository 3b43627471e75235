import type { File } from './file.js';
import type { Finding, Kind } from './finding.js';
import { bare, calleeName, child, children, isA, keyOf, nameOf, type Node, text } from './node.js';
import { dangersAt, functionAround } from './surroundings.js';

/** Modules whose clients send whatever they are given. */
const rawModules =
  /^(openai\/(beta\/)?realtime(\/.*)?|@openai\/(realtime-api-beta|agents-realtime|agents\/realtime)|openai-realtime-api|@livekit\/agents-plugin-openai|rt-client)$/;
/** The same in Python, with dots. */
const rawPythonModules =
  /^(rtclient|openai_realtime_client(\.client(\..*)?)?|openai\.resources\.(beta\.)?realtime(\..*)?|agents\.realtime(\..*)?)$/;
const isRawModule = (name: string): boolean => rawModules.test(name) || rawPythonModules.test(name);
/** These have much besides clients: an agent or a tool sends nothing. */
const isMixed = (name: string): boolean => name.includes('agents');
/** Their classes. */
const rawClients: ReadonlySet<string> = new Set([
  ...['OpenAIRealtimeWS', 'OpenAIRealtimeWebSocket', 'RealtimeClient', 'RealtimeAPI', 'RealtimeSession'],
  ...['OpenAIRealtimeWebRTC', 'OpenAIRealtimeSIP', 'RTClient', 'LowLevelRTClient'],
  ...['RealtimeRunner', 'OpenAIRealtimeWebSocketModel', 'OpenAIRealtimeSIPModel'],
]);

/** Raw clients and raw connections: what can send a `response.create` that no gate has seen. */
export function rawRealtimeClients(file: File): readonly Finding[] {
  const found: Finding[] = [];
  const note = (node: Node, kind: Kind, what: string): void => {
    const inside = functionAround(file.tree, node);
    found.push({
      rule: 'no-raw-realtime-client',
      kind,
      node,
      what,
      inside,
      dangers: dangersAt(file.tree, file.values, node),
    });
  };
  for (const node of file.tree.nodes) {
    const imported = importOf(file, node);
    if (imported !== null) note(node, 'import', imported);
    const constructed = constructedIn(file, node);
    if (constructed) note(node, constructed.kind, constructed.what);
  }
  return found;
}

/** An import of values from such a module; one of types alone sends nothing. */
function importOf(file: File, node: Node): string | null {
  if (node.type === 'ImportDeclaration') {
    if (node['importKind'] === 'type') return null;
    const values = children(node, 'specifiers').filter((each) => each['importKind'] !== 'type');
    const source = text(child(node, 'source'), 'value');
    const clients = isMixed(source ?? '') ? values.filter(mayBeClient) : values;
    if (source === null || !isRawModule(source) || clients.length === 0) return null;
    // A plugin that has much besides: it counts where its realtime model is used.
    return source.startsWith('@livekit/') && !/\.realtime\b/.test(file.text) ? null : source;
  }
  const isDynamic = node.type === 'ImportExpression';
  const isRequire = node.type === 'CallExpression' && nameOf(child(node, 'callee')) === 'require';
  if (!isDynamic && !isRequire) return null;
  const [source] = [
    ...file.values.stringsOf(isDynamic ? child(node, 'source') : (children(node, 'arguments')[0] ?? null)),
  ];
  return source !== undefined && isRawModule(source) ? source : null;
}

/** A class that is a client, or everything that the module has. */
function mayBeClient(specifier: Node): boolean {
  const imported = nameOf(child(specifier, 'imported'));
  return imported === null || imported === '*' || rawClients.has(imported);
}

function constructedIn(file: File, node: Node): { readonly kind: Kind; readonly what: string } | null {
  const callee = bare(child(node, 'callee'));
  if (node.type === 'NewExpression') {
    const name = nameOf(callee) ?? keyOf(callee) ?? '';
    if (rawClients.has(name) && isNotOurs(file, node, name)) return { kind: 'construction', what: `new ${name}` };
    if (/WebSocket|^WS$|^ws$/.test(name) && dialsRealtime(file, node)) return { kind: 'socket', what: `new ${name}` };
    return null;
  }
  if (node.type !== 'CallExpression') return null;
  const name = calleeName(node) ?? '';
  if (dials.has(name) && dialsRealtime(file, node)) return { kind: 'socket', what: name };
  if (callee?.type !== 'MemberExpression') return null;
  if (isConnection(file, node, callee)) return { kind: 'construction', what: 'realtime.connect' };
  const owner = nameOf(bare(child(callee, 'object'))) ?? '';
  if (rawClients.has(owner) && ['create', 'azure'].includes(keyOf(callee) ?? '')) {
    return { kind: 'construction', what: `${owner}.${keyOf(callee) ?? '…'}` };
  }
  const isChannel = keyOf(callee) === 'createDataChannel' && firstStrings(file, node).includes('oai-events');
  return isChannel ? { kind: 'channel', what: 'createDataChannel' } : null;
}

/** Functions that open a WebSocket, in Python and elsewhere. */
const dials: ReadonlySet<string> = new Set(['connect', 'create_connection', 'ws_connect', 'connect_ws']);
/** `client.realtime.connect(model=…)` of OpenAI's package for Python. */
function isConnection(file: File, call: Node, callee: Node): boolean {
  const object = bare(child(callee, 'object'));
  const [options] = children(call, 'arguments');
  const names = children(options ?? null, 'properties').map(keyOf);
  const isRealtime = keyOf(callee) === 'connect' && keyOf(object) === 'realtime';
  return isRealtime && /openai/i.test(file.text) && (names.includes('model') || names.includes('call_id'));
}

/** `RealtimeSession` and the like are common names: they count where they come from such a module, or from nowhere here. */
function isNotOurs(file: File, node: Node, name: string): boolean {
  const binding = file.tree.bindingOf(name, node);
  if (!binding) return true;
  if (isA(binding.declaration, 'ClassDeclaration', 'FunctionDeclaration')) return false;
  const declaration = file.tree.parentOf(binding.declaration);
  const source = declaration?.type === 'ImportDeclaration' ? text(child(declaration, 'source'), 'value') : null;
  return source === null || isRawModule(source) || source === 'openai';
}

const firstStrings = (file: File, call: Node): readonly string[] => {
  const [first] = children(call, 'arguments');
  const named = children(first ?? null, 'properties').filter((each) => ['url', 'uri'].includes(keyOf(each) ?? ''));
  return [first ?? null, ...named.map((each) => child(each, 'value'))].flatMap((each) => [
    ...file.values.stringsOf(each),
  ]);
};
/** An address of the Realtime API, OpenAI's or Azure's. */
const dialsRealtime = (file: File, call: Node): boolean =>
  firstStrings(file, call).some((each) => /^wss?:\/\/.*\/realtime\b|\/openai\/realtime\b/.test(each)) ||
  children(call, 'arguments').some((each) => {
    const address = bare(each);
    return address !== null && calleeName(address) === 'URL' && dialsRealtime(file, address);
  });
