import type { Node } from '../../detector/index.js';
import { expressionOf } from './expressions.js';
import { parametersOf } from './parameters.js';
import { childNamed, type Py } from './syntax.js';

type Statements = (nodes: readonly Py[], text: string) => readonly Node[];

export function functionOf(node: Py, text: string, type: string, statements: Statements): Node {
  const span = { start: node.from, end: node.to };
  const body = childNamed(node, 'Body');
  const block = { type: 'BlockStatement', ...span, body: body ? statements(body.children, text) : [] };
  return {
    type,
    ...span,
    id: identifierOf(childNamed(node, 'VariableName'), text),
    params: parametersOf(node, text),
    body: block,
  };
}

function identifierOf(name: Py | null, text: string): Node | null {
  return name ? { type: 'Identifier', name: text.slice(name.from, name.to), start: name.from, end: name.to } : null;
}

/**
 * A class: functions become methods, and assignments become fields, as do the strings that `__init__` assigns to
 * `self`.
 */
export function classOf(node: Py, text: string, statements: Statements): Node {
  const span = { start: node.from, end: node.to };
  const body = (childNamed(node, 'Body')?.children ?? []).filter(({ name }) => name !== ':');
  const members = body.flatMap((each) => membersOf(each, text, statements));
  return {
    ...{ type: 'ClassDeclaration', ...span, id: identifierOf(childNamed(node, 'VariableName'), text) },
    body: { type: 'ClassBody', ...span, body: members },
  };
}

function membersOf(node: Py, text: string, statements: Statements): readonly Node[] {
  if (node.name === 'DecoratedStatement') {
    const definition = childNamed(node, 'FunctionDefinition');
    if (!definition) return statements([node], text);
    const [method, ...fields] = membersOf(definition, text, statements);
    return method ? [{ ...method, decorators: decoratorsOf(node, text) }, ...fields] : [];
  }
  if (node.name === 'FunctionDefinition') {
    const value = { ...functionOf(node, text, 'FunctionExpression', statements), id: null };
    const key = identifierOf(childNamed(node, 'VariableName'), text);
    const method = { type: 'MethodDefinition', start: node.from, end: node.to, computed: false, key, value };
    return key?.['name'] === '__init__' ? [method, ...fieldsSetIn(node, text)] : [method];
  }
  const [name] = node.children;
  const value = node.children.at(-1);
  if (node.name !== 'AssignStatement' || name?.name !== 'VariableName' || !hasValue(node))
    return statements([node], text);
  return value ? [fieldOf(name, value, text)] : [];
}

const hasValue = (node: Py): boolean => node.children.at(-2)?.name === 'AssignOp';

const fieldOf = (name: Py, value: Py, text: string): Node => ({
  ...{ type: 'PropertyDefinition', start: name.from, end: value.to, computed: false },
  ...{ key: identifierOf(name, text), value: expressionOf(value, text) },
});

/** The fields set by `self.event = "…"` in `__init__`. */
function fieldsSetIn(node: Py, text: string): readonly Node[] {
  return (childNamed(node, 'Body')?.children ?? []).flatMap((each) => {
    const [target] = each.children;
    const value = each.children.at(-1);
    if (each.name !== 'AssignStatement' || target?.name !== 'MemberExpression' || value?.name !== 'String') return [];
    const [object, , key] = target.children;
    const isOwn = object !== undefined && text.slice(object.from, object.to) === 'self';
    return isOwn && key && hasValue(each) ? [fieldOf(key, value, text)] : [];
  });
}

/** A decorated function: `@client.on("open")` passes it to the listener; other decorators are kept beside it. */
export function decorated(node: Py, text: string, statements: Statements): readonly Node[] {
  const definition = childNamed(node, 'FunctionDefinition');
  const whole = node.children.filter(({ name }) => name !== 'Decorator');
  const decorator = childNamed(node, 'Decorator');
  if (!definition || !decorator) return statements(whole, text);
  const written = text.slice(decorator.from, decorator.to);
  const event = /^@[\w.]*\bon\(\s*["']([^"']*)["']\s*\)/.exec(written)?.[1];
  if (event === undefined) {
    const declared = functionOf(definition, text, 'FunctionDeclaration', statements);
    return [{ ...declared, decorators: decoratorsOf(node, text) }];
  }
  const span = { start: node.from, end: node.to };
  const callee = { type: 'Identifier', name: 'on', ...span };
  const listener = functionOf(definition, text, 'FunctionExpression', statements);
  const given = [{ type: 'Literal', value: event, ...span }, listener];
  const expression = { type: 'CallExpression', ...span, callee, arguments: given };
  return [{ type: 'ExpressionStatement', ...span, expression }];
}

/** The names of decorators: `function_tool` of `@function_tool` and of `@llm.function_tool(…)`. */
const decoratorsOf = (node: Py, text: string): readonly Node[] =>
  node.children.flatMap((each) => {
    const name = each.name === 'Decorator' ? each.children.filter(({ name }) => name === 'VariableName').at(-1) : null;
    const expression = identifierOf(name ?? null, text);
    return expression ? [{ type: 'Decorator', start: each.from, end: each.to, expression }] : [];
  });
