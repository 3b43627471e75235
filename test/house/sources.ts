import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { root } from '../tools/packed.js';

export interface Source {
  /** The path from the root of the repository. */
  readonly path: string;
  readonly lines: number;
  /** Its imports, types included: our own files by path, others by package name. */
  readonly imports: readonly string[];
  /** The imports that are left when types are erased. */
  readonly loads: readonly string[];
  readonly tree: ts.SourceFile;
}

export function readSources(folder: string): Source[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readSource(join(folder, name), readFileSync(join(root, folder, name), 'utf8')));
}

export function readSource(path: string, text: string): Source {
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const imports = ts
    .preProcessFile(text, true, true)
    .importedFiles.map(({ fileName }) => resolveImport(path, fileName));
  return {
    path,
    lines: text.trimEnd().split('\n').length,
    imports,
    loads: tree.statements.flatMap(loadedBy).map((name) => resolveImport(path, name)),
    tree,
  };
}

function loadedBy(statement: ts.Statement): string[] {
  const isImport =
    ts.isImportDeclaration(statement) && statement.importClause?.phaseModifier !== ts.SyntaxKind.TypeKeyword;
  const isExport = ts.isExportDeclaration(statement) && !statement.isTypeOnly;
  if (!isImport && !isExport) return [];
  const from = statement.moduleSpecifier;
  return from && ts.isStringLiteral(from) ? [from.text] : [];
}

const resolveImport = (from: string, name: string): string =>
  name.startsWith('.') ? join(dirname(from), name).replace(/\.js$/, '.ts') : packageOf(name);

const packageOf = (name: string): string =>
  name.startsWith('node:') ? name : name.split('/', name.startsWith('@') ? 2 : 1).join('/');

export const isOurs = (imported: string): boolean => /^(?:src|types|test|examples)\//.test(imported);

/** Everything in the tree that `says` has a remark about, with its place. */
export function remarks(source: Source, says: (node: ts.Node) => string | null): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const said = says(node);
    const line = source.tree.getLineAndCharacterOfPosition(node.getStart(source.tree)).line + 1;
    if (said !== null) found.push(`${source.path}:${line}: ${said}`);
    ts.forEachChild(node, visit);
  };
  visit(source.tree);
  return found;
}

const outsideWorld = new Set([
  ...['Date', 'performance', 'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'Promise'],
  ...['console', 'process', 'crypto', 'fetch', 'WebSocket', 'EventTarget', 'AbortController'],
]);

/** The name of a clock, timer, promise, random source, socket or console, which a pure machine must not use. */
export function outsideWorldIn(node: ts.Node): string | null {
  if (ts.isPropertyAccessExpression(node) && node.getText() === 'Math.random') return 'Math.random';
  if (node.kind === ts.SyntaxKind.AsyncKeyword || ts.isAwaitExpression(node)) return 'async';
  if (!ts.isIdentifier(node) || !outsideWorld.has(node.text) || isOnlyAName(node)) return null;
  return node.text;
}

const isOnlyAName = ({ parent, text }: ts.Identifier): boolean =>
  (ts.isPropertyAccessExpression(parent) &&
    parent.name.text === text &&
    parent.expression.getText() !== 'globalThis') ||
  ((ts.isPropertyAssignment(parent) || ts.isPropertySignature(parent)) && parent.name.getText() === text);

export const anyIn = (node: ts.Node): string | null => (node.kind === ts.SyntaxKind.AnyKeyword ? 'any' : null);

export const doubleCastIn = (node: ts.Node): string | null =>
  ts.isAsExpression(node) &&
  ts.isAsExpression(node.expression) &&
  node.expression.type.kind === ts.SyntaxKind.UnknownKeyword
    ? 'as unknown as'
    : null;
