import { toolRules } from './client-events.js';
import type { Faults } from './faults.js';
import type { Complaint } from './schema.js';
import { checkByKind, missing } from './schema.js';
import type { Json, JsonObject } from './wire.js';
import { isArray, isObject, textOr } from './wire.js';

/** What is wrong first with a list of tools. `path` is where it stands: `session.tools`, `response.tools`. */
export function checkTools(tools: Json | undefined, path: string): Complaint | null {
  const names = new Set<string>();
  for (const [index, tool] of (isArray(tools) ? tools : []).entries()) {
    const at = `${path}[${index}]`;
    const malformed = checkByKind(toolRules, tool, at);
    if (malformed || !isObject(tool)) return malformed;
    const complaint = tool['type'] === 'mcp' ? checkAddress(tool, at) : checkFunction(tool, at, names);
    if (complaint) return complaint;
  }
  return null;
}

/** The SDK documents that one of these has to be given. */
function checkAddress(tool: JsonObject, at: string): Complaint | null {
  const hasAddress = ['server_url', 'connector_id', 'tunnel_id'].some((key) => tool[key] !== undefined);
  return hasAddress ? null : missing(`${at}.server_url`);
}

/** The wording about a name that is there twice is ours. */
function checkFunction(tool: JsonObject, at: string, names: Set<string>): Complaint | null {
  const name = textOr(tool['name'], '');
  if (names.has(name)) {
    const message = `Invalid '${at}.name': there is another function named '${name}'. Function names must be unique.`;
    return { code: 'invalid_value', message, param: `${at}.name` };
  }
  names.add(name);
  return checkParameters(tool['parameters'], name, `${at}.parameters`);
}

const notAtTop = ['oneOf', 'anyOf', 'allOf', 'enum', 'not'];

/** Arguments are an object, and its schema has to say so by itself. */
function checkParameters(schema: Json | undefined, name: string, param: string): Complaint | null {
  if (schema === undefined) return null;
  const given = isObject(schema) ? schema : {};
  const because =
    given['type'] !== 'object'
      ? `schema must be a JSON Schema of 'type: "object"', got 'type: ${nameOf(given['type'])}'.`
      : notAtTop.some((key) => given[key] !== undefined)
        ? `schema must have type 'object' and not have ${notAtTop.map((key) => `'${key}'`).join('/')} at the top level.`
        : null;
  if (because === null) return null;
  return { code: 'invalid_function_parameters', message: `Invalid schema for function '${name}': ${because}`, param };
}

const nameOf = (type: Json | undefined): string => (type === undefined ? '"None"' : JSON.stringify(type));

/** What is wrong with a choice that names a tool, given the tools there are. */
export function checkToolChoice(
  { unknownToolChoice }: Faults,
  choice: Json | undefined,
  tools: readonly Json[],
  param: string,
): Complaint | null {
  if (!isObject(choice) || unknownToolChoice === 'accepted') return null;
  const key = choice['type'] === 'mcp' ? 'server_label' : 'name';
  const chosen = choice[key];
  const isThere = tools.some((tool) => isObject(tool) && tool['type'] === choice['type'] && tool[key] === chosen);
  if (isThere) return null;
  const message = `Tool choice '${textOr(chosen, '')}' not found in 'tools' parameter.`;
  return { code: 'invalid_value', message, param };
}
