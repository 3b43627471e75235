/** The public contract as an editor shows it: each name says what it is, and how what is called is called. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { root } from '../tools/packed.js';

interface Documented {
  /** Where it is declared, with the names around it. */
  readonly name: string;
  readonly comment: string;
  readonly isCalled: boolean;
}

const contract = readdirSync(join(root, 'types')).flatMap((file) => namesIn(parse(join('types', file))));
const doors = ['src/index.ts', 'src/ws.ts', 'src/simulator/index.ts', 'src/record/index.ts'];
const functions = functionsOf(doors);

test('finds the contract, and the functions of the front doors', () => {
  expect(contract.length).toBeGreaterThan(300);
  expect(functions.length).toBeGreaterThan(15);
});

describe('every name of the contract', () => {
  test('has a doc comment of its own', () => {
    expect(contract.filter(({ comment }) => comment === '').map(({ name }) => name)).toEqual([]);
  });

  test('has an example, where it is called', () => {
    const called = contract.filter((each) => each.isCalled);
    expect(called.filter(lacksExample).map(({ name }) => name)).toEqual([]);
  });

  test('is told by a noun or a verb, and not by It, What, Whose or Of', () => {
    const riddles = [...contract, ...functions].filter(({ comment }) => /^\W*(?:It|What|Whose|Of)\b/.test(comment));
    expect(riddles.map(({ name }) => name)).toEqual([]);
  });
});

test('every function of a front door has a doc comment with an example', () => {
  expect(functions.filter(lacksExample).map(({ name }) => name)).toEqual([]);
});

function parse(path: string): ts.SourceFile {
  return ts.createSourceFile(path, readFileSync(join(root, path), 'utf8'), ts.ScriptTarget.Latest, true);
}

function lacksExample({ comment }: Documented): boolean {
  return !comment.includes('@example');
}

/**
 * Exported names and their members, including those of nested object types. Unique symbols are skipped, because users
 * cannot name them.
 */
function namesIn(source: ts.SourceFile): Documented[] {
  const found: Documented[] = [];
  const add = (node: ts.Node, name: string): void => {
    found.push({ name, comment: commentOf(node), isCalled: isCalled(node) });
  };
  const membersOf = (node: ts.Node, owner: string): void => {
    if (ts.isConditionalTypeNode(node) || ts.isTypeReferenceNode(node)) return;
    if (ts.isTypeElement(node) && !(node.name && ts.isComputedPropertyName(node.name))) {
      add(node, `${owner}.${node.name?.getText() ?? '()'}`);
    }
    const within = ts.isTypeElement(node) && node.name ? `${owner}.${node.name.getText()}` : owner;
    ts.forEachChild(node, (child) => membersOf(child, within));
  };
  for (const statement of source.statements) {
    if (!ts.isInterfaceDeclaration(statement) && !ts.isTypeAliasDeclaration(statement)) continue;
    if (!isExported(statement)) continue;
    const name = `${source.fileName}: ${statement.name.text}`;
    add(statement, name);
    ts.forEachChild(statement, (child) => membersOf(child, name));
  }
  return found;
}

function isExported(node: ts.Declaration): boolean {
  return (ts.getCombinedModifierFlags(node) & ts.ModifierFlags.Export) !== 0;
}

function isCalled(node: ts.Node): boolean {
  return ts.isMethodSignature(node) || ts.isCallSignatureDeclaration(node);
}

function commentOf(node: ts.Node): string {
  return ts
    .getJSDocCommentsAndTags(node)
    .filter((each) => ts.isJSDoc(each))
    .map((each) => each.getText())
    .join('');
}

/** The functions that the entry points export by name, however they are written. */
function functionsOf(paths: readonly string[]): Documented[] {
  const files = paths.map((path) => join(root, path));
  const program = ts.createProgram(files, { noLib: true, types: [], module: ts.ModuleKind.NodeNext });
  const checker = program.getTypeChecker();
  return files.flatMap((file) => {
    const door = checker.getSymbolAtLocation(program.getSourceFile(file)!)!;
    return checker.getExportsOfModule(door).flatMap((exported) => {
      const target = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
      const { valueDeclaration: declaration } = target;
      if (!declaration || !isFunction(declaration)) return [];
      return [{ name: `${file}: ${exported.name}`, comment: commentOf(declaration), isCalled: true }];
    });
  });
}

function isFunction(node: ts.Declaration): boolean {
  return (
    ts.isFunctionDeclaration(node) ||
    (ts.isVariableDeclaration(node) && node.initializer !== undefined && ts.isArrowFunction(node.initializer))
  );
}
