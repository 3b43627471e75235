import type { File } from './file.js';
import { bare, child, children, isA, keyOf, nameOf, type Node, text } from './node.js';

/** Modules whose clients send any event. */
const rawModules =
  /^(openai\/(beta\/)?realtime(\/.*)?|@openai\/(realtime-api-beta|agents-realtime|agents\/realtime)|openai-realtime-api|rt-client)$/;
/** The same modules in Python, with dots. */
const rawPythonModules =
  /^(rtclient|openai_realtime_client(\.client(\..*)?)?|openai\.resources\.(beta\.)?realtime(\..*)?|agents\.realtime(\..*)?)$/;
/** The client classes of those modules. */
export const rawClients: ReadonlySet<string> = new Set([
  ...['OpenAIRealtimeWS', 'OpenAIRealtimeWebSocket', 'RealtimeClient', 'RealtimeAPI', 'RealtimeSession'],
  ...['OpenAIRealtimeWebRTC', 'OpenAIRealtimeSIP', 'RTClient', 'LowLevelRTClient', 'RealtimeModel'],
  ...['RealtimeRunner', 'OpenAIRealtimeWebSocketModel', 'OpenAIRealtimeSIPModel'],
]);

export const isRawModule = (name: string | null): boolean =>
  name !== null && (rawModules.test(name) || rawPythonModules.test(name));
/**
 * Whether a Python module exports little but clients, so that any import of it counts. Agents and tools send nothing.
 */
const isAllClient = (name: string): boolean => rawPythonModules.test(name) && !name.startsWith('agents.');

/** The raw module that this node loads for its clients. Loading only types, errors or tools does not count. */
export function rawModuleLoadedBy(file: File, node: Node): string | null {
  const source = moduleLoadedBy(file, node);
  if (source === null || !isRawModule(source)) return null;
  if (node.type !== 'ImportDeclaration' && node.type !== 'ExportNamedDeclaration') return source;
  return isAllClient(source) || children(node, 'specifiers').some(isOfClient) ? source : null;
}

function isOfClient(specifier: Node): boolean {
  if (specifier['importKind'] === 'type' || specifier['exportKind'] === 'type') return false;
  const imported = nameOf(child(specifier, 'imported') ?? child(specifier, 'local'));
  const isWhole = isA(specifier, 'ImportNamespaceSpecifier', 'ImportDefaultSpecifier') || imported === '*';
  return isWhole || rawClients.has(imported ?? '');
}

/** The module that a node loads, by any syntax. */
function moduleLoadedBy(file: File, node: Node): string | null {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
      return node['importKind'] === 'type' || node['exportKind'] === 'type'
        ? null
        : text(child(node, 'source'), 'value');
    case 'ImportExpression':
      return firstString(file, child(node, 'source'));
    case 'CallExpression': {
      const isLoad = nameOf(child(node, 'callee')) === 'require' || child(node, 'callee')?.type === 'Import';
      return isLoad ? firstString(file, children(node, 'arguments')[0] ?? null) : null;
    }
    default:
      return null;
  }
}

const firstString = (file: File, node: Node | null): string | null => [...file.values.stringsOf(node)][0] ?? null;

/**
 * The module of a finding: the imported one, or the one that the constructed class comes from. Null: this file, or
 * unknown.
 */
export function moduleOf(file: File, node: Node): string | null {
  return moduleLoadedBy(file, node) ?? moduleOfName(file, rootOf(bare(child(node, 'callee'))));
}

/** Whether a module belongs to this package. */
export const isOurs = (module: string): boolean => /^gated-realtime(\/|$)/.test(module);

/** The leftmost object of a member expression: `a` of `a.b.c`. */
export function rootOf(node: Node | null): Node | null {
  let root = node;
  while (root?.type === 'MemberExpression') root = bare(child(root, 'object'));
  return root;
}

/** The module that a name is imported from, by any syntax. */
export function moduleOfName(file: File, identifier: Node | null): string | null {
  if (identifier?.type !== 'Identifier') return null;
  const binding = file.tree.bindingOf(identifier['name'] as string, identifier);
  if (!binding) return null;
  const parent = file.tree.parentOf(binding.declaration);
  if (parent?.type === 'ImportDeclaration') return text(child(parent, 'source'), 'value');
  for (const each of [...binding.values, ...binding.taken.map(({ object }) => object)]) {
    const loaded = bare(each)?.type === 'AwaitExpression' ? child(bare(each), 'argument') : each;
    const found = loaded && moduleLoadedBy(file, bare(loaded) ?? loaded);
    if (found) return found;
  }
  return null;
}

/** The exported name of an imported identifier. */
export function importedName(file: File, identifier: Node): string | null {
  const name = nameOf(identifier);
  const binding = name === null ? null : file.tree.bindingOf(name, identifier);
  if (!binding) return name;
  if (binding.declaration.type === 'ImportSpecifier') return nameOf(child(binding.declaration, 'imported'));
  return binding.taken[0]?.key ?? name;
}

/** The class that an expression names: `Raw` of `{ OpenAIRealtimeWS as Raw }`, `rt.OpenAIRealtimeWS`. */
export function className(file: File, callee: Node | null): string | null {
  if (callee?.type === 'MemberExpression') return keyOf(callee);
  return callee?.type === 'Identifier' ? importedName(file, callee) : null;
}
