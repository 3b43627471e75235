import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { dimensions, lives } from '../../src/machine/index.js';
import { readSource, readSources, remarks, type Source } from './sources.js';

/** The small machines, each with its files. */
const parts: Readonly<Record<string, readonly string[]>> = {
  connection: ['connection'],
  configuration: ['configuration', 'update', 'echo'],
  'user turn': ['user-turn'],
  input: ['input-audio'],
  'automatic answer': ['automatic-answer'],
  items: ['items'],
  responses: ['responses', 'response', 'outcome'],
  requests: ['requests', 'request', 'admission', 'settlement', 'guards', 'create'],
  playback: ['playback', 'track'],
  tools: ['tool-rounds', 'tool-calls', 'hosted-calls', 'tool-state'],
  recovery: ['recovery', 'resume', 'failures', 'hints'],
  'hang-up': ['hang-up'],
  money: ['spending', 'accounts', 'budget'],
  line: ['line'],
  restore: [
    'restore',
    'next-line',
    'rotation',
    'reconnect-policy',
    'conversation',
    'retelling',
    'history',
    'meanwhile',
  ],
};
/** Files where inputs come in, and where facts are distributed. */
const entries = ['step', 'calls', 'frames', 'refusals', 'machines', 'deadlines', 'projection', 'state', 'index'];
/** Files that all small machines use. */
const ground = [
  'work',
  'facts',
  'reconnect-policy',
  'sideband',
  'effects',
  'asking',
  'part',
  'table',
  'rules',
  'read',
  'housekeeping',
];
/** These only send, ask, or post a fact: whoever calls them moves nothing by it. */
const onlyPost = ['askOwn', 'close', 'gone', 'sendItem', 'unaccepted'];

const files = readSources('src/machine');
const nameOf = ({ path }: Source): string => path.replace(/^src\/machine\/|\.ts$/g, '');
const partOf = (name: string): string | undefined => Object.keys(parts).find((part) => parts[part]!.includes(name));

describe('the small machines', () => {
  it('have every file of the machine among them, or it is the ground or an entry', () => {
    const known = [...Object.values(parts).flat(), ...entries, ...ground];
    expect(files.map(nameOf).filter((name) => !known.includes(name))).toEqual([]);
    expect(known.filter((name) => !files.some((file) => nameOf(file) === name))).toEqual([]);
  });

  it('move one another only by a named fact: none calls what changes another', () => {
    const movers = new Map(files.map((file) => [nameOf(file), moversIn(file)]));
    const seen = files
      .filter((file) => partOf(nameOf(file)) !== undefined)
      .flatMap((file) =>
        importsOf(file)
          .filter(({ from, name }) => movers.get(from)?.has(name) && !onlyPost.includes(name))
          .filter(({ from }) => partOf(from) !== undefined && partOf(from) !== partOf(nameOf(file)))
          .map(({ from, name }) => `${nameOf(file)} calls ${name}() of ${from}`),
      );
    expect(seen).toEqual([]);
  });

  it('are moved by their tables alone: no state is written anywhere else', () => {
    const seen = files
      .filter((file) => !['table', 'machines', 'deadlines', 'projection'].includes(nameOf(file)))
      .flatMap((file) => remarks(file, stateWritten));
    expect(seen).toEqual([]);
  });

  it('have tables of different names', () => {
    const names = [...Object.values(dimensions), ...Object.values(lives)].map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('these rules themselves', () => {
  const found = (text: string): readonly string[] => remarks(readSource('src/machine/x.ts', text), stateWritten);

  it.each([
    "thing.state = 'over';",
    "const made = { state: 'open' };",
    "session.is.voice = 'silent';",
    "Object.assign(session.is, { voice: 'silent' });",
  ])('notice %s', (text) => {
    expect(found(text)).not.toEqual([]);
  });

  it.each([
    'const made = { state: life.first };',
    "if (thing.state === 'over') stop();",
    'const is = firstStanding();',
  ])('let pass %s', (text) => {
    expect(found(text)).toEqual([]);
  });

  it('know a function that changes the session by its first parameter', () => {
    const text =
      'export function a(work: Work): void {}\nexport const b = ({ session }: Work) => 1;\nexport const c = (s: Session) => 1;';
    expect([...moversIn(readSource('src/machine/x.ts', text))]).toEqual(['a', 'b']);
  });
});

/** The exported functions that take the work of a step, and so can change the session. */
function moversIn({ tree }: Source): ReadonlySet<string> {
  const names = new Set<string>();
  for (const statement of tree.statements) {
    if (ts.isFunctionDeclaration(statement) && statement.name && takesWork(statement)) names.add(statement.name.text);
    if (!ts.isVariableStatement(statement)) continue;
    for (const { name, initializer } of statement.declarationList.declarations) {
      if (initializer && ts.isArrowFunction(initializer) && takesWork(initializer)) names.add(name.getText(tree));
    }
  }
  return names;
}

const takesWork = ({ parameters: [first] }: ts.SignatureDeclaration): boolean => first?.type?.getText() === 'Work';

function importsOf({ tree }: Source): readonly { readonly from: string; readonly name: string }[] {
  return tree.statements.filter(ts.isImportDeclaration).flatMap((statement) => {
    const from = (statement.moduleSpecifier as ts.StringLiteral).text.replace(/^\.\/|\.js$/g, '');
    const bindings = statement.importClause?.namedBindings;
    if (!bindings || !ts.isNamedImports(bindings)) return [];
    return bindings.elements.map(({ name, propertyName }) => ({ from, name: (propertyName ?? name).getText(tree) }));
  });
}

/** Finds a state that is set to anything but the first of a table, or a current state that is changed. */
function stateWritten(node: ts.Node): string | null {
  if (
    ts.isPropertyAssignment(node) &&
    node.name.getText() === 'state' &&
    !node.initializer.getText().endsWith('.first')
  ) {
    return node.getText();
  }
  if (ts.isCallExpression(node) && /^Object\.assign$/.test(node.expression.getText())) {
    return /\bis\b/.test(node.arguments[0]?.getText() ?? '') ? node.getText() : null;
  }
  if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return null;
  return /\.state$|\bis\.\w+$|\bis\[.*\]$/.test(node.left.getText()) ? node.getText() : null;
}
