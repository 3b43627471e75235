import type { File } from './file.js';
import type { Finding, Kind } from './finding.js';
import { bare, calleeName, child, children, isA, isFunction, keyOf, nameOf, type Node } from './node.js';
import { dangersAt, functionAround } from './surroundings.js';

const guarded: ReadonlySet<string> = new Set(['send', 'respond', 'appendAudio']);

/** What no type can stop: a `send` that is replaced, and a line of one's own, which can write what it likes. */
export function patchedTransports(file: File): readonly Finding[] {
  if (!/realtime/i.test(file.text)) return [];
  return file.tree.nodes.flatMap((node) => {
    const seen = patchIn(file, node) ?? lineIn(file, node);
    if (!seen) return [];
    const inside = functionAround(file.tree, node);
    return [
      {
        rule: 'no-patched-transport' as const,
        node,
        inside,
        dangers: dangersAt(file.tree, file.values, node),
        ...seen,
      },
    ];
  });
}

type Seen = { readonly kind: Kind; readonly what: string } | null;

function patchIn(file: File, node: Node): Seen {
  if (node.type === 'AssignmentExpression') {
    const left = bare(child(node, 'left'));
    const key = left?.type === 'MemberExpression' ? keyOf(left) : null;
    if (key === null || !guarded.has(key)) return null;
    const object = bare(child(left, 'object'));
    // In its own constructor an object gives itself its methods.
    if (object?.type === 'ThisExpression') return null;
    return { kind: 'patch', what: `${nameOf(object) ?? keyOf(object) ?? '…'}.${key}` };
  }
  if (node.type !== 'CallExpression') return null;
  const name = calleeName(node);
  const [target, key] = children(node, 'arguments');
  const isDefinition = name === 'defineProperty' || name === 'set' || name === 'spyOn' || name === 'method';
  if (!isDefinition || !key || !target) return null;
  const owner = nameOf(bare(child(bare(child(node, 'callee')), 'object')));
  if (name === 'set' && owner !== 'Reflect') return null;
  // A test that looks on does not write.
  if (name === 'spyOn' || name === 'method') return null;
  const [patched] = [...file.values.stringsOf(key)].filter((each) => guarded.has(each));
  return patched === undefined ? null : { kind: 'patch', what: `${nameOf(bare(target)) ?? '…'}.${patched}` };
}

/** `connect({ transport: … })` over an object or a class that is written here. */
function lineIn(file: File, node: Node): Seen {
  if (!isA(node, 'Property', 'ObjectProperty') || keyOf(node) !== 'transport') return null;
  const options = file.tree.parentOf(node);
  const call = options && file.tree.parentOf(options);
  if (call?.type !== 'CallExpression' || !['connect', 'openSession'].includes(calleeName(call) ?? '')) return null;
  if (!file.text.includes('gated-realtime')) return null;
  return opensByHand(file, child(node, 'value')) ? { kind: 'line', what: 'transport' } : null;
}

function opensByHand(file: File, value: Node | null): boolean {
  const node = bare(value);
  if (node?.type === 'ObjectExpression') {
    return children(node, 'properties').some(
      (each) => keyOf(each) === 'open' && isFunction(bare(child(each, 'value'))),
    );
  }
  const name = node?.type === 'NewExpression' ? bare(child(node, 'callee')) : node;
  if (name?.type !== 'Identifier') return false;
  const values = file.tree.bindingOf(name['name'] as string, name)?.values ?? [];
  return values.some(
    (each) => isA(each, 'ClassDeclaration', 'ClassExpression') || (each !== node && opensByHand(file, each)),
  );
}
