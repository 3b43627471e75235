import type { StandardJSONSchemaV1, StandardSchemaV1 } from '@standard-schema/spec';
import type { Reply, Tool, ToolDefinition, ToolParameters } from '../types/index.js';
import { adviceOnCopies, noteThisCopy } from './copies.js';
import { MisuseError } from './errors.js';

/** A tool with all its options filled in, as the runner needs it. */
export interface RunnableTool extends Tool {
  readonly timeoutMs: number;
  readonly reply: Reply | ((result: unknown) => Reply);
}

const DEFAULT_TIMEOUT_MS = 15_000;
/** The timeout of a tool without `run`, which waits for an answer from outside the program. */
const ANSWER_TIMEOUT_MS = 60_000;

const KEYS: ReadonlySet<string> = new Set(['name', 'description', 'parameters', 'timeoutMs', 'run', 'reply']);

/**
 * Makes a function that the model may call. `args` is typed from `parameters`, and its name is a purpose of the session
 * that it is given to: `tool:<name>`.
 *
 * @throws `MisuseError` for a name that the server would refuse, for parameters that cannot be told to it, and for options
 * that do not exist.
 * @example
 * ```ts
 * const openingHours = tool({
 *   name: 'opening_hours',
 *   description: 'Tells when the shop is open.',
 *   parameters: z.object({ day: z.string() }),
 *   run: ({ day }) => hours.of(day),
 * });
 * ```
 */
export function tool<const Name extends string, Schema extends ToolParameters, Result>(
  definition: ToolDefinition<Name, Schema, Result>,
): Tool<Name> {
  noteThisCopy();
  if (typeof definition !== 'object' || definition === null) {
    throw new MisuseError('A tool is an object with a name, a description and parameters.');
  }
  const { description, parameters, run, reply = 'respond' } = definition;
  const name: unknown = definition.name;
  const { timeoutMs = run ? DEFAULT_TIMEOUT_MS : ANSWER_TIMEOUT_MS } = definition;
  if (typeof name !== 'string' || !/^[\w-]{1,64}$/.test(name)) {
    throw new MisuseError(`A tool cannot be named '${String(name)}': the server takes 1 to 64 of a-z A-Z 0-9 _ and -.`);
  }
  for (const key of Object.keys(definition)) {
    // An instance of a class may have other fields.
    if (Object.getPrototypeOf(definition) === Object.prototype && !KEYS.has(key)) {
      throw new MisuseError(
        `The tool '${name}' has no option '${key}': it takes ${[...KEYS].join(', ')}.${adviceOnCopies()}`,
      );
    }
  }
  if (run !== undefined && typeof run !== 'function')
    throw new MisuseError(`run of the tool '${name}' is no function.`);
  if (typeof description !== 'string') {
    throw new MisuseError(`The tool '${name}' needs a description: it tells the model when to call it.`);
  }
  if (!(typeof timeoutMs === 'number' && timeoutMs > 0)) {
    throw new MisuseError(`timeoutMs of the tool '${name}' is a number of milliseconds above 0.`);
  }
  try {
    if (typeof reply !== 'function') checkReply(reply);
  } catch (cause) {
    throw new MisuseError(`The reply of the tool '${name}' cannot be used: ${wordsOf(cause)}`, { cause });
  }
  schemaOf(name, parameters);
  // Each option is read by name and methods are bound, because the definition may be an instance of a class.
  const decide = typeof reply === 'function' ? reply.bind(definition) : reply;
  const made = {
    name: definition.name,
    description,
    parameters,
    timeoutMs,
    reply: decide,
    ...(run && { run: run.bind(definition) }),
  };
  return made;
}

/** Completes a tool that was written without `tool()`, which the type permits. Throws as `tool()` does. */
export const runnableTool = (each: Tool): RunnableTool => tool<string, ToolParameters, unknown>(each) as RunnableTool;

/** Throws `MisuseError` for an invalid reply: a misspelt one would silently mean another. */
export function checkReply(reply: unknown): asserts reply is Reply {
  if (reply === 'respond' || reply === 'silent') return;
  if (typeof reply !== 'object' || reply === null || Array.isArray(reply)) {
    throw new MisuseError(
      `It is 'respond', 'silent' or the parameters of the response, and not ${typeof reply === 'string' ? `'${reply}'` : typeof reply}.`,
    );
  }
  if ('conversation' in reply && reply.conversation === 'none') {
    throw new MisuseError("It must not say `conversation: 'none'`: the model could not see what the tool returned.");
  }
}

/** The JSON Schema of a tool's parameters, as sent to the server. Throws `MisuseError` where there is none. */
export function schemaOf(name: string, parameters: ToolParameters): Readonly<Record<string, unknown>> {
  const input = parameters?.['~standard']?.jsonSchema?.input;
  if (typeof input !== 'function') {
    throw new MisuseError(
      `The parameters of '${name}' cannot print themselves as JSON Schema. ${remedyFor(parameters)}`,
    );
  }
  const schema = printed(name, () => input({ target: 'draft-2020-12' }));
  if (schema['type'] !== 'object') {
    throw new MisuseError(
      `The parameters of '${name}' are not an object: the server takes only \`type: "object"\` at the top. Put what they are into a field of one.`,
    );
  }
  return schema;
}

/** Advice by the vendor that a Standard Schema names. */
const REMEDIES: ReadonlyMap<unknown, string> = new Map([
  ['zod', 'Zod schemas can from zod 4.2 on: npm install zod@latest, and import { z } from "zod", not from "zod/v3".'],
  ['valibot', 'For valibot, wrap them: toStandardJsonSchema(schema) of @valibot/to-json-schema.'],
]);

function remedyFor(parameters: unknown): string {
  const given = parameters as Partial<Record<'~standard', Partial<Record<'vendor', unknown>>>> | null | undefined;
  const { vendor } = given?.['~standard'] ?? {};
  return (
    REMEDIES.get(vendor) ??
    'Use a schema of zod 4.2 or newer, of arktype, or of valibot by its toStandardJsonSchema(); plain JSON Schema goes into jsonSchema({ … }).'
  );
}

function printed(name: string, print: () => Record<string, unknown>): Record<string, unknown> {
  try {
    // `$schema` is a note of the converter's, of no use to the model.
    const { $schema: _, ...schema } = print();
    JSON.stringify(schema);
    return schema;
  } catch (cause) {
    throw new MisuseError(`The parameters of '${name}' cannot be said in JSON Schema: ${wordsOf(cause)}`, { cause });
  }
}

const wordsOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

/**
 * Parameters that are known only as JSON Schema (a database, a registry): nothing is validated, `args` is `unknown`.
 *
 * @example
 * ```ts
 * const parameters = jsonSchema({ type: 'object', properties: { day: { type: 'string' } }, required: ['day'] });
 * ```
 */
export function jsonSchema(schema: Readonly<Record<string, unknown>>): ToolParameters {
  const standard: StandardSchemaV1.Props & StandardJSONSchemaV1.Props = {
    version: 1,
    vendor: 'gated-realtime',
    validate: (value) => ({ value }),
    jsonSchema: { input: () => ({ ...schema }), output: () => ({ ...schema }) },
  };
  return { '~standard': standard };
}
