import type { StandardJSONSchemaV1, StandardSchemaV1 } from '@standard-schema/spec';
import type { Reply, Tool, ToolDefinition, ToolParameters } from '../types/index.js';
import { MisuseError } from './errors.js';

/** What `tool()` made, as the runner sees it. */
export interface RunnableTool extends Tool<string> {
  readonly timeoutMs: number;
  readonly reply: Reply | ((result: unknown) => Reply);
}

const DEFAULT_TIMEOUT_MS = 15_000;

/**
 * A function that the model may call. `args` is typed from `parameters`, and its name is a purpose of the session that
 * it is given to: `tool:<name>`. Throws `MisuseError` for a name that the server would refuse, and
 * for parameters that cannot be told to it.
 */
export function tool<const Name extends string, Schema extends ToolParameters, Result>(
  definition: ToolDefinition<Name, Schema, Result>,
): Tool<Name> {
  if (typeof definition?.run !== 'function') throw new MisuseError('A tool is an object with a run().');
  const { name, description, parameters, timeoutMs = DEFAULT_TIMEOUT_MS, reply = 'respond' } = definition;
  if (!/^[\w-]{1,64}$/.test(name)) {
    throw new MisuseError(`A tool cannot be named '${name}': the server takes 1 to 64 of a-z A-Z 0-9 _ and -.`);
  }
  if (!(timeoutMs > 0)) throw new MisuseError(`The tool '${name}' needs a timeoutMs above 0.`);
  if (typeof parameters?.['~standard']?.jsonSchema?.input !== 'function') {
    throw new MisuseError(
      `The parameters of '${name}' are no Standard Schema that can print itself as JSON Schema. zod 4 and arktype can; for valibot, toStandardJsonSchema() of @valibot/to-json-schema; or jsonSchema().`,
    );
  }
  // Each by its name, and the methods bound: the definition may be an instance of a class.
  const decide = typeof reply === 'function' ? reply.bind(definition) : reply;
  const made = { name, description, parameters, timeoutMs, reply: decide, run: definition.run.bind(definition) };
  return made;
}

/** The type also takes a tool that was written down without `tool()`: it gets what that fills in. Throws as it does. */
export const runnableTool = (each: Tool<string>): RunnableTool =>
  tool<string, ToolParameters, unknown>(each) as RunnableTool;

/** Parameters that are known only as JSON Schema (a database, a registry): nothing is validated, `args` is `unknown`. */
export function jsonSchema(schema: Readonly<Record<string, unknown>>): ToolParameters<unknown> {
  const standard: StandardSchemaV1.Props & StandardJSONSchemaV1.Props = {
    version: 1,
    vendor: 'gated-realtime',
    validate: (value) => ({ value }),
    jsonSchema: { input: () => ({ ...schema }), output: () => ({ ...schema }) },
  };
  return { '~standard': standard };
}
