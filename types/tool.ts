import type { StandardJSONSchemaV1, StandardSchemaV1 } from '@standard-schema/spec';
import type { RealtimeToolsConfigUnion } from 'openai/resources/realtime/realtime';
import type { RespondAs, ResponseParameters } from './response.js';
import type { AnySession } from './session.js';

/** Any Standard Schema that can also print itself as JSON Schema: zod 4, valibot, arktype, `jsonSchema()`. */
export type ToolParameters<Output = unknown> = StandardSchemaV1<unknown, Output> &
  StandardJSONSchemaV1<unknown, Output>;

/**
 * Whether the model speaks once the tool's output has been sent; or with which parameters of its own. Where several tools
 * of one response give some, the first of them counts.
 */
export type Reply = 'respond' | 'silent' | ResponseParameters;

/** One call of a tool by the model: the second argument of `run`. */
export interface ToolCall<Name extends string> {
  /** The tool's name. */
  readonly name: Name;
  /** The server's `call_id`. */
  readonly callId: string;
  /** Aborted when the call can no longer matter: timeout, hang-up, close, lost socket. */
  readonly signal: AbortSignal;
  /**
   * The session that called: hang up, update, send. Closing over the result of `configure()` instead would make that
   * result `any`.
   */
  readonly session: AnySession;
  /** A remark while the tool runs, in the tool's own name. The follow-up after it is the runner's business. */
  readonly respond: RespondAs;
}

/** Made by `tool()`. */
export interface Tool<Name extends string = string> {
  /** The wire's name. */
  readonly name: Name;
  /** Tells the model when to call it. */
  readonly description: string;
  /** The schema of the arguments. */
  readonly parameters: ToolParameters;
  /**
   * Called by the session when the model calls the tool. Left out: the call is told as the event `call`.
   *
   * @example
   * ```ts
   * const { run } = transferCall;
   * if (run === undefined) session.on('call', ({ callId }) => session.answer(callId, 'transferred'));
   * ```
   */
  run?(args: never, call: ToolCall<Name>): unknown;
}

/** The definition that `tool()` takes. */
export interface ToolDefinition<Name extends string, Schema extends ToolParameters, Result> {
  /** The wire's name: at most 64 of `a-z A-Z 0-9 _ -`. */
  name: Name;
  /** Tells the model when to call it. */
  description: string;
  /** The schema of the arguments, an object: a schema of zod 4.2, arktype or valibot, or `jsonSchema()`. */
  parameters: Schema;
  /**
   * Milliseconds until `signal` aborts and the model is told that the tool did not answer.
   *
   * @default 15_000, and 60_000 without `run`
   */
  timeoutMs?: number | undefined;
  /**
   * Called with the validated arguments. Its result is sent as JSON; a string as it is. A result that is not JSON is written
   * as well as it can be (a BigInt as its digits, NaN as `NaN`, a Map as what it holds), and is a `fault`. A throw tells the
   * model only that the tool failed, and is a `fault`.
   *
   * Left out: the call is told as the event `call`, and `session.answer()` gives its output.
   *
   * @example
   * ```ts
   * const saveLead = tool({
   *   name: 'save_lead',
   *   description: 'Save what the caller told us.',
   *   parameters: z.object({ name: z.string(), phone: z.string() }),
   *   run: ({ name, phone }, { signal }) => ask('the office', { name, phone, late: signal.aborted }),
   * });
   * ```
   */
  run?(args: StandardSchemaV1.InferOutput<Schema>, call: ToolCall<Name>): Result;
  /**
   * The follow-up of the output: the model speaks (`respond`), or not (`silent`), or speaks with parameters of its own.
   * A function that throws, or gives what is no reply, is a `fault`, and the model speaks. Parameters that say
   * `conversation: 'none'` are no reply: the model could not see what the tool returned.
   *
   * @default 'respond'
   */
  reply?: 'respond' | 'silent' | ResponseParameters | ((result: Awaited<Result>) => Reply) | undefined;
}

/** A tool that the server runs itself (MCP): passed through untouched. */
export type HostedTool = RealtimeToolsConfigUnion.Mcp;
/** A tool of a plan: one of ours, or one that the server runs itself. */
export type AnyTool = Tool | HostedTool;

/** The purposes that a list of tools brings: `tool:<name>` for each of ours. */
export type ToolPurpose<Tools extends readonly AnyTool[]> = Tools[number] extends infer Each
  ? Each extends Tool<infer Name>
    ? `tool:${Name}`
    : never
  : never;

/** The record of the function calls of one response. Safe to print: no arguments and no outputs. */
export interface ToolRound {
  /** The server's id of the response that called. */
  readonly responseId: string;
  /** One for each function that was called, in the order of the calls. */
  readonly calls: readonly ToolCallRecord[];
  /**
   * `asked`: one follow-up was requested (its verdict has a record of its own). `silent`: no tool wanted one. Otherwise
   * why there is none: how the response ended, or `lost` where it never did, or where the session had ended before any
   * output could be sent; `left`: somebody else is to answer one of the calls, and to ask; `refused`: no output stands;
   * `chain-ended`: the model went on calling tools where it was to speak.
   */
  readonly followUp:
    'asked' | 'silent' | 'cancelled' | 'incomplete' | 'failed' | 'lost' | 'left' | 'refused' | 'chain-ended';
}

/** The record of one function call. Safe to print: no arguments and no output. */
export interface ToolCallRecord {
  /** The tool's name; of a hosted call `mcp:` and its server's label. */
  readonly name: string;
  /** The server's `call_id`. */
  readonly callId: string;
  /**
   * `answered`: what it returned was sent. `failed`: it threw. `timed-out`, `aborted`: it was not waited for any longer.
   * `invalid`: its arguments were not. `unknown`: there is no such tool. For each of these the model was told so.
   * `unsent`: the session had ended. `refused`: the server did not take its output. `left`: it is somebody else's to
   * answer. `denied`: a hosted call was not approved.
   */
  readonly result:
    'answered' | 'failed' | 'timed-out' | 'aborted' | 'invalid' | 'unknown' | 'unsent' | 'refused' | 'left' | 'denied';
  /** Milliseconds from the call to its end. */
  readonly ms: number;
}
