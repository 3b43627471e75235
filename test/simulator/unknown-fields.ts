import type { Rule } from '../../src/simulator/server/schema.js';

/** The alternatives of a rule. */
function choicesOf(rule: Rule): readonly Rule[] {
  if (rule.is === 'either') return rule.rules.flatMap(choicesOf);
  if (rule.is === 'kind') return Object.values(rule.rules).flatMap(choicesOf);
  return [rule];
}

/** For an object with a `type`, only the rule of that type. */
function rulesFor(rule: Rule, type: unknown): readonly Rule[] {
  if (rule.is === 'either') return rule.rules.flatMap((each) => rulesFor(each, type));
  if (rule.is === 'kind' && typeof type === 'string') return rule.rules[type] ? choicesOf(rule.rules[type]) : [];
  return choicesOf(rule);
}

const named = (schema: any, definitions: any): any =>
  schema.$ref
    ? named(definitions[decodeURIComponent(schema.$ref.slice('#/definitions/'.length))], definitions)
    : schema;

/** Fields and literals of a schema that a rule does not accept. */
export function unknownTo(rule: Rule, given: any, definitions: any, path: string): readonly string[] {
  const schema = named(given, definitions);
  if (schema.anyOf) return schema.anyOf.flatMap((each: any) => unknownTo(rule, each, definitions, path));
  const literals = schema.enum ?? (schema.const === undefined ? null : [schema.const]);
  if (literals) return unknownLiterals(rule, literals, path);
  if (schema.type === 'array') return unknownIn(choicesOf(rule), 'list', schema.items, definitions, `${path}[]`);
  if (schema.type !== 'object' || !schema.properties) return [];
  const choices = rulesFor(rule, named(schema.properties.type ?? {}, definitions).const);
  if (choices.some(({ is }) => is === 'anything')) return [];
  return Object.entries(schema.properties).flatMap(([key, property]) => {
    const inside = choices.flatMap((each) => (each.is === 'object' && each.keys[key] ? [each.keys[key]] : []));
    if (inside.length === 0) return choices.some(({ is }) => is === 'record') ? [] : [`${path}.${key}`];
    return unknownTo({ is: 'either', rules: inside }, property, definitions, `${path}.${key}`);
  });
}

function unknownIn(rules: readonly Rule[], is: 'list', items: any, definitions: any, path: string): readonly string[] {
  if (rules.some((each) => each.is === 'anything')) return [];
  const lists = rules.flatMap((each) => (each.is === is ? [each.of] : []));
  return lists.length === 0 ? [path] : unknownTo({ is: 'either', rules: lists }, items, definitions, path);
}

function unknownLiterals(rule: Rule, literals: readonly unknown[], path: string): readonly string[] {
  const choices = choicesOf(rule);
  if (choices.some(({ is }) => is === 'anything' || is === 'string' || is === 'boolean')) return [];
  const values = choices.flatMap((each) => (each.is === 'one-of' ? each.values : []));
  return literals.filter((each) => !values.includes(each as string)).map((each) => `${path}: ${String(each)}`);
}
