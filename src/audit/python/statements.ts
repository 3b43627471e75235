import type { Node } from '../../detector/index.js';
import { assignedIn } from './assignments.js';
import { decorated, classOf, functionOf } from './definitions.js';
import { expressionOf } from './expressions.js';
import { importsOf } from './imports.js';
import { childNamed, inner, type Py } from './syntax.js';

/** The statements of a body, or of the whole file. */
export const statementsOf = (nodes: readonly Py[], text: string): readonly Node[] =>
  nodes.filter(({ name }) => name !== ':').flatMap((each) => statementOf(each, text));

function blockOf(body: Py | null | undefined, text: string, before: readonly Node[] = []): Node {
  const statements = [...before, ...(body ? statementsOf(body.children, text) : [])];
  return { type: 'BlockStatement', start: body?.from ?? 0, end: body?.to ?? 0, body: statements };
}

function statementOf(node: Py, text: string): readonly Node[] {
  const span = { start: node.from, end: node.to };
  const expressions = (): readonly Node[] => inner(node).map((each) => expressionOf(each, text));
  switch (node.name) {
    case 'ImportStatement':
      return importsOf(node, text);
    case 'AssignStatement':
    case 'UpdateStatement':
      return assignedIn(node, text);
    case 'FunctionDefinition':
      return [functionOf(node, text, 'FunctionDeclaration', statementsOf)];
    case 'ClassDefinition':
      return [classOf(node, text, statementsOf)];
    case 'DecoratedStatement':
      return decorated(node, text, statementsOf);
    case 'IfStatement':
      return [ifOf(node, text)];
    case 'ForStatement':
      return [forOf(node, text)];
    case 'TryStatement':
      return [tryOf(node, text)];
    case 'WithStatement':
      return [withOf(node, text)];
    case 'MatchStatement':
      return [matchOf(node, text)];
    case 'ReturnStatement':
      return [{ type: 'ReturnStatement', ...span, argument: expressions().at(-1) ?? null }];
    case 'ExpressionStatement':
      return expressions().map((expression) => ({ type: 'ExpressionStatement', ...span, expression }));
    case 'Body':
    case 'StatementGroup':
      return [blockOf(node, text)];
    case 'WhileStatement': {
      const bodies = node.children.filter(({ name }) => name === 'Body').map((each) => blockOf(each, text));
      const tests = node.children.filter(({ name }) => name !== 'Body').map((each) => expressionOf(each, text));
      return [
        { type: 'WhileStatement', ...span, test: tests[1] ?? null, body: bodies[0] ?? null, after: bodies.slice(1) },
      ];
    }
    default:
      return [{ type: `Python${node.name}`, ...span, parts: expressions() }];
  }
}

/** `if … elif … else …`, as nested ifs. */
function ifOf(node: Py, text: string): Node {
  const bodies = node.children.filter(({ name }) => name === 'Body');
  const tests = node.children.filter(({ name }) => !['Body', 'if', 'elif', 'else'].includes(name));
  const branch = (at: number): Node | null => {
    const body = bodies[at];
    const test = tests[at];
    if (!body) return null;
    if (!test) return blockOf(body, text);
    const parts = { test: expressionOf(test, text), consequent: blockOf(body, text), alternate: branch(at + 1) };
    return { type: 'IfStatement', start: node.from, end: node.to, ...parts };
  };
  return branch(0) ?? blockOf(null, text);
}

function forOf(node: Py, text: string): Node {
  const at = node.children.findIndex(({ name }) => name === 'in');
  const declared = node.children
    .slice(0, at)
    .filter(({ name }) => name === 'VariableName' || name === 'TupleExpression');
  const declarations = declared.map((each) => ({
    ...{ type: 'VariableDeclarator', start: each.from, end: each.to },
    ...{ id: expressionOf(each, text), init: null },
  }));
  const [body, otherwise] = node.children.filter(({ name }) => name === 'Body');
  const right = node.children[at + 1];
  return {
    ...{ type: 'ForOfStatement', start: node.from, end: node.to },
    left: { type: 'VariableDeclaration', kind: 'var', start: node.from, end: node.from, declarations },
    right: right ? expressionOf(right, text) : null,
    body: blockOf(body, text),
    after: otherwise ? blockOf(otherwise, text) : null,
  };
}

function tryOf(node: Py, text: string): Node {
  let word = '';
  const handlers: Node[] = [];
  const blocks: Node[] = [];
  for (const each of node.children) {
    if (['try', 'except', 'else', 'finally'].includes(each.name)) word = each.name;
    if (each.name !== 'Body') continue;
    const body = blockOf(each, text);
    if (word === 'except') handlers.push({ type: 'CatchClause', start: each.from, end: each.to, param: null, body });
    else blocks.push(body);
  }
  return {
    type: 'TryStatement',
    start: node.from,
    end: node.to,
    block: blocks[0] ?? null,
    handlers,
    after: blocks.slice(1),
  };
}

/** `with a as b, c as d:`, which declares names for what it opens. */
function withOf(node: Py, text: string): Node {
  const opened: Node[] = [];
  node.children.forEach((each, at) => {
    if (['async', 'with', 'as', ',', ':', 'Body', '(', ')'].includes(each.name)) return;
    if (node.children[at - 1]?.name === 'as') return;
    const name = node.children[at + 1]?.name === 'as' ? node.children[at + 2] : undefined;
    opened.push(openedAs(each, name, text));
  });
  return blockOf(childNamed(node, 'Body'), text, opened);
}

function openedAs(value: Py, name: Py | undefined, text: string): Node {
  const span = { start: value.from, end: value.to };
  const init = expressionOf(value, text);
  if (name?.name !== 'VariableName') return { type: 'ExpressionStatement', ...span, expression: init };
  const declarator = { type: 'VariableDeclarator', ...span, id: expressionOf(name, text), init };
  return { type: 'VariableDeclaration', kind: 'var', ...span, declarations: [declarator] };
}

/** `match … case …`, as a switch. Of the patterns only strings are read. */
function matchOf(node: Py, text: string): Node {
  const body = childNamed(node, 'MatchBody');
  const cases = (body?.children ?? []).flatMap((each): readonly Node[] => {
    if (each.name !== 'MatchClause') return [];
    const strings = each.children.filter(({ name }) => name.endsWith('Pattern')).flatMap(stringsIn);
    const any = strings
      .map((literal) => expressionOf(literal, text))
      .reduce<Node | null>(
        (left, right) => (left ? { ...left, type: 'LogicalExpression', operator: '||', left, right } : right),
        null,
      );
    const consequent = [blockOf(childNamed(each, 'Body'), text)];
    return [{ type: 'SwitchCase', start: each.from, end: each.to, test: any, consequent }];
  });
  const subject = node.children[1];
  const discriminant = subject ? expressionOf(subject, text) : null;
  return { type: 'SwitchStatement', start: node.from, end: node.to, discriminant, cases };
}

const stringsIn = (node: Py): readonly Py[] => (node.name === 'String' ? [node] : node.children.flatMap(stringsIn));
