import type { Node } from '../../detector/index.js';
import { type Py, splitBy } from './syntax.js';

/** `from a.b import c as d` and `import a.b`; module names keep their dots. */
export function importsOf(node: Py, text: string): readonly Node[] {
  const written = (parts: readonly Py[]): string => parts.map(({ from, to }) => text.slice(from, to)).join('');
  const at = node.children.findIndex(({ name }) => name === 'import');
  const isFrom = node.children[0]?.name === 'from';
  const names = node.children.slice(at + 1).filter(({ name }) => name !== '(' && name !== ')');
  const span = { start: node.from, end: node.to };
  const declaration = (module: string, specifiers: readonly Node[]): Node => ({
    ...{ type: 'ImportDeclaration', ...span, importKind: 'value', specifiers },
    source: { type: 'Literal', value: module, ...span },
  });
  const items = splitBy(names, ',').filter((item) => item.length > 0);
  if (isFrom) {
    const module = written(node.children.slice(1, at));
    return [
      declaration(
        module,
        items.map((item) => specifierOf(item, text)),
      ),
    ];
  }
  return items.map((item) => {
    const end = item.findIndex(({ name }) => name === 'as');
    return declaration(written(end < 0 ? item : item.slice(0, end)), [specifierOf(item, text)]);
  });
}

function specifierOf(item: readonly Py[], text: string): Node {
  const [imported] = item;
  const local = item.at(-1);
  const name = (node: Py | undefined): Node => ({
    ...{ type: 'Identifier', name: node ? text.slice(node.from, node.to) : '' },
    ...{ start: node?.from ?? 0, end: node?.to ?? 0 },
  });
  return { ...name(local), type: 'ImportSpecifier', imported: name(imported), local: name(local) };
}
