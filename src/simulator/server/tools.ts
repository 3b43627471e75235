import type { Asked } from './checks.js';
import type { Complaint } from './schema.js';
import { missing } from './schema.js';
import type { Json, JsonObject } from './wire.js';
import { isArray, isObject, textOr } from './wire.js';

type Tool = readonly [at: string, tool: JsonObject];

const toolsOf = ({ at, given: { tools } }: Asked, type: 'function' | 'mcp'): readonly Tool[] =>
  (isArray(tools) ? tools : []).flatMap((tool, index): readonly Tool[] =>
    isObject(tool) && tool['type'] === type ? [[`${at}.tools[${index}]`, tool]] : [],
  );

/** The first complaint about any of these tools. */
function firstOf(tools: readonly Tool[], find: (tool: JsonObject, at: string) => Complaint | null): Complaint | null {
  for (const [at, tool] of tools) {
    const complaint = find(tool, at);
    if (complaint) return complaint;
  }
  return null;
}

/** Refuses a hosted server without an address: the SDK documents that one must be given. */
export const checkAddresses = (asked: Asked): Complaint | null =>
  firstOf(toolsOf(asked, 'mcp'), (tool, at) => {
    const hasAddress = ['server_url', 'connector_id', 'tunnel_id'].some((key) => tool[key] !== undefined);
    return hasAddress ? null : missing(`${at}.server_url`);
  });

export const checkLabels = (asked: Asked): Complaint | null =>
  checkUnique(toolsOf(asked, 'mcp'), 'server_label', 'hosted server');

const allowed = /^[a-zA-Z0-9_-]+$/;

/** Refuses invalid or repeated tool names. The wordings are those of other endpoints, or ours. */
export function checkNames(asked: Asked): Complaint | null {
  const tools = toolsOf(asked, 'function');
  const malformed = firstOf(tools, ({ name }, at) => {
    if (allowed.test(textOr(name, ''))) return null;
    const message = `Invalid '${at}.name': string does not match pattern. Expected a string that matches the pattern '${allowed.source}'.`;
    return { code: 'invalid_value', message, param: `${at}.name` };
  });
  return malformed ?? checkUnique(tools, 'name', 'function');
}

function checkUnique(tools: readonly Tool[], key: string, what: string): Complaint | null {
  const seen = new Set<Json | undefined>();
  return firstOf(tools, (tool, at) => {
    const value = tool[key];
    if (!seen.has(value)) {
      seen.add(value);
      return null;
    }
    const message = `Invalid '${at}.${key}': there is another ${what} named '${textOr(value, '')}'. Names must be unique.`;
    return { code: 'invalid_value', message, param: `${at}.${key}` };
  });
}

const notAtTop = ['oneOf', 'anyOf', 'allOf', 'enum', 'not'];

/** Refuses parameters whose schema is not explicitly that of an object. */
export const checkParameters = (asked: Asked): Complaint | null =>
  firstOf(toolsOf(asked, 'function'), ({ name, parameters: schema }, at) => {
    if (schema === undefined) return null;
    const given = isObject(schema) ? schema : {};
    const because =
      given['type'] !== 'object'
        ? `schema must be a JSON Schema of 'type: "object"', got 'type: ${nameOf(given['type'])}'.`
        : notAtTop.some((key) => given[key] !== undefined)
          ? `schema must have type 'object' and not have ${notAtTop.map((key) => `'${key}'`).join('/')} at the top level.`
          : null;
    if (because === null) return null;
    const message = `Invalid schema for function '${textOr(name, '')}': ${because}`;
    return { code: 'invalid_function_parameters', message, param: `${at}.parameters` };
  });

const nameOf = (type: Json | undefined): string => (type === undefined ? '"None"' : JSON.stringify(type));

/** Refuses a `tool_choice`, new or standing, of a tool that does not exist. */
export function checkToolChoice({ at, given, standing: { config } }: Asked): Complaint | null {
  const { tools = config.tools } = given;
  const standing = at === 'session' && given['tools'] !== undefined ? config['tool_choice'] : undefined;
  const choice = given['tool_choice'] ?? standing;
  if (!isObject(choice)) return null;
  const key = choice['type'] === 'mcp' ? 'server_label' : 'name';
  const chosen = choice[key];
  const isThere = (isArray(tools) ? tools : []).some(
    (tool) => isObject(tool) && tool['type'] === choice['type'] && tool[key] === chosen,
  );
  if (isThere) return null;
  const message = `Tool choice '${textOr(chosen, '')}' not found in 'tools' parameter.`;
  return { code: 'invalid_value', message, param: `${at}.tool_choice` };
}
