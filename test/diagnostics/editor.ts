/** Shows what an editor shows: TypeScript's language service in a project that has installed the package. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { everything, root, type Workshop } from '../tools/packed.js';
import type { Completion } from './subjects.js';

export interface Hover {
  /** The signature, in one line. */
  readonly signature: string;
  readonly doc: string;
}

export interface Editor {
  /** The names of the members that are declared by the package itself. */
  membersOf(type: string): readonly string[];
  /** The hover text of each member, by name. */
  hoversOf(type: string): ReadonlyMap<string, Hover>;
  /** The exports of an entry point that the package itself declares. */
  exportsOf(door: string): ReadonlyMap<string, Hover>;
  /** The completions offered at `‸`, without globals and keywords. */
  completionsIn(place: Completion): readonly string[];
}

const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.NodeNext,
  lib: ['lib.es2022.d.ts'],
  types: ['node'],
  strict: true,
  skipLibCheck: true,
};

const imports = `
import * as gated from 'gated-realtime';
import * as ws from 'gated-realtime/ws';
import * as websocket from 'gated-realtime/websocket';
import * as simulator from 'gated-realtime/simulator';
import { z } from 'zod';
import type * as t from 'gated-realtime';
export { gated, ws, websocket, simulator, z };
`;

export async function openEditor(workshop: Workshop): Promise<Editor> {
  const project = await workshop.project('editor', everything, { 'package.json': '{"type":"module"}' });
  const { service, show } = serve(join(project, 'probe.ts'));
  const checkerOf = (): ts.TypeChecker => service.getProgram()!.getTypeChecker();
  const isOurs = (symbol: ts.Symbol): boolean =>
    symbol.declarations?.some((each) => each.getSourceFile().fileName.includes('/node_modules/gated-realtime/')) ??
    false;

  function membersOf(type: string): readonly string[] {
    const source = show(`${imports}declare const subject: ${type};\n`);
    const statement = source.statements.at(-1) as ts.VariableStatement;
    const subject = checkerOf().getTypeAtLocation(statement.declarationList.declarations[0]!.name);
    return subject
      .getProperties()
      .filter((member) => isOurs(member) && !member.name.startsWith('__'))
      .map(({ name }) => name);
  }

  function hoversOf(type: string): ReadonlyMap<string, Hover> {
    const members = membersOf(type);
    const head = `${imports}declare const subject: ${type};\n`;
    const text = head + members.map((name) => `subject[${JSON.stringify(name)}];\n`).join('');
    show(text);
    return new Map(members.map((name) => [name, hoverAt(text.indexOf(`[${JSON.stringify(name)}]`, head.length) + 1)]));
  }

  function hoverAt(position: number): Hover {
    const shown = service.getQuickInfoAtPosition(file, position);
    return {
      signature: signatureIn(ts.displayPartsToString(shown?.displayParts)),
      doc: ts.displayPartsToString(shown?.documentation),
    };
  }

  function exportsOf(door: string): ReadonlyMap<string, Hover> {
    const head = `import * as door from '${door}';\n`;
    const source = show(head);
    const checker = checkerOf();
    const names = checker
      .getExportsOfModule(checker.getSymbolAtLocation((source.statements[0] as ts.ImportDeclaration).moduleSpecifier)!)
      .filter((symbol) => isOurs(aliased(checker, symbol)))
      .map((symbol) => ({ name: symbol.name, isValue: (aliased(checker, symbol).flags & ts.SymbolFlags.Value) !== 0 }));
    const text =
      head +
      names.map(({ name, isValue }) => (isValue ? `door.${name};\n` : `type $${name} = door.${name};\n`)).join('');
    show(text);
    return new Map(
      names.map(({ name }) => [name, hoverAt(text.search(new RegExp(`door\\.${name};`)) + 'door.'.length)]),
    );
  }

  function completionsIn({ before, code }: Completion): readonly string[] {
    const text = `${imports}${before}${code}`;
    const position = text.indexOf('‸');
    show(text.replace('‸', ''));
    const found = service.getCompletionsAtPosition(file, position, {});
    if (!found || found.isGlobalCompletion) return [];
    return found.entries.map(({ name }) => name);
  }

  const file = join(project, 'probe.ts');
  return { membersOf, hoversOf, exportsOf, completionsIn };
}

/** The signature on one line, without the editor's prefix and the names of the probe's imports. */
const signatureIn = (shown: string): string =>
  shown
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/\b(gated|door|t)\./g, '')
    .replace(/^\((property|method)\) (\w+(<.*?>)?\.)?(?=\w+[?:<(])/, '')
    .replace(/^\(alias\) (.*) export \w+$/, '$1');

const aliased = (checker: ts.TypeChecker, symbol: ts.Symbol): ts.Symbol =>
  symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;

/** A language service for one file that is edited. */
function serve(file: string): { service: ts.LanguageService; show(text: string): ts.SourceFile } {
  let current = { text: '', version: 0 };
  const service = ts.createLanguageService({
    getScriptFileNames: () => [file],
    getScriptVersion: (name) => (name === file ? String(current.version) : '0'),
    getScriptSnapshot: (name) => {
      if (name === file) return ts.ScriptSnapshot.fromString(current.text);
      return existsSync(name) ? ts.ScriptSnapshot.fromString(readFileSync(name, 'utf8')) : undefined;
    },
    getCurrentDirectory: () => join(file, '..'),
    getCompilationSettings: () => options,
    getDefaultLibFileName: () => join(root, 'node_modules/typescript/lib/lib.es2022.d.ts'),
    fileExists: (name) => name === file || existsSync(name),
    readFile: ts.sys.readFile,
    readDirectory: ts.sys.readDirectory,
    directoryExists: ts.sys.directoryExists,
    getDirectories: ts.sys.getDirectories,
    realpath: ts.sys.realpath!,
  });
  return {
    service,
    show(text) {
      current = { text, version: current.version + 1 };
      return service.getProgram()!.getSourceFile(file)!;
    },
  };
}
