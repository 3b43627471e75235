import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { AnySession, Reply, RespondAs, ToolCall } from '../../types/index.js';
import { type Entries, noEntries, put, without } from '../collections.js';
import { MisuseError } from '../errors.js';
import { awaitsOutput, type Command, mayRemark, type Returned } from '../machine/index.js';
import { checkReply, type RunnableTool } from '../tool.js';
import { wordsOf } from './answers.js';
import { asError } from './emitter.js';
import { paramsOf, request } from './respond.js';
import { writeResult } from './result.js';
import type { Runtime } from './runtime.js';

type RunTool = Extract<Command, { do: 'run-tool' }>;
type AbortTool = Extract<Command, { do: 'abort-tool' }>;
export type Tools = ReadonlyMap<string, RunnableTool>;

/** Why a tool's result is no longer awaited, or soon will not be. */
class NotWaitedFor extends Error {
  override readonly name = 'NotWaitedFor';
}

/** A call that is running, or waits for `session.answer()`. */
interface Running {
  readonly tool: RunnableTool;
  readonly session: AnySession;
  readonly abort: AbortController;
}

/** Runs tools when the machine asks for it, and reports their results. */
export class ToolRunner {
  readonly #runtime: Runtime;
  readonly #generations = new Map<number, Tools>();
  #running: Entries<string, Running> = noEntries;
  #count = 0;
  #inForce = 0;
  /** The call whose signal is being aborted, while the signal's listeners run. */
  #aborting: string | null = null;

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
  }

  /** Keeps the tools of a configuration before it is sent. Returns their generation number. */
  add(tools: Tools): number {
    const generation = ++this.#count;
    this.#generations.set(generation, tools);
    return generation;
  }

  /** Puts a generation in force. Older ones are kept while a response or a call of theirs may be open. */
  confirm(generation: number): void {
    this.#inForce = generation;
    if (this.#runtime.handles.hasOpenResponses || this.#running.size > 0) return;
    for (const each of [...this.#generations.keys()]) if (each < generation) this.#generations.delete(each);
  }

  /** Forgets a generation that will never be in force. */
  drop(generation: number): void {
    if (generation !== this.#inForce) this.#generations.delete(generation);
  }

  /** Starts a tool in a microtask: after the step, and after listeners have been notified. */
  run(command: RunTool, session: AnySession): void {
    const tool = this.#generations.get(command.generation)?.get(command.tool);
    if (!tool) return void Promise.resolve().then(() => this.#failed(command.call, new Error(GONE)));
    const running: Running = { tool, session, abort: new AbortController() };
    this.#running = put(this.#running, command.call, running);
    void Promise.resolve()
      .then(() => this.#start(running, command))
      .catch((error: unknown) => this.#threw(running, command.call, error));
  }

  abort({ call, why }: AbortTool): void {
    const running = this.#running.get(call);
    if (!running) return;
    if (why !== 'hang-up') this.#running = without(this.#running, call);
    this.#aborting = call;
    running.abort.abort(new NotWaitedFor(reasons[why]));
    this.#aborting = null;
  }

  /** Handles `session.answer()`. */
  answer(callId: string, result: unknown): void {
    const running = this.#running.get(callId);
    if (!running || running.tool.run || !this.#runtime.ask(awaitsOutput, callId)) {
      const error = new MisuseError(
        `There is no call '${callId}' to answer: it has its output, or it is not of a tool that was declared without run().`,
      );
      // An error thrown in a listener of the call's signal would end the process.
      if (this.#aborting === callId) return this.#runtime.fault(error);
      throw error;
    }
    this.#returned(running, callId, result);
  }

  async #start(running: Running, { call: callId, args }: RunTool): Promise<void> {
    const { tool, abort } = running;
    const isLeft = (): boolean => this.#running.get(callId) !== running;
    if (isLeft()) return;
    const parsed = parse(args);
    if (!parsed) {
      this.#tell(callId, refused('invalid', NOT_JSON));
      return;
    }
    const checked: Checked = await tool.parameters['~standard'].validate(parsed.value);
    if (checked.issues) {
      this.#tell(callId, refused('invalid', NOT_VALID, checked.issues));
      return;
    }
    // While the arguments were checked, the call may have been answered or abandoned.
    if (isLeft()) return;
    if (!tool.run) {
      const { signal } = abort;
      this.#runtime.emitter.queue('call', { name: tool.name, callId, args: checked.value, signal });
      this.#runtime.emitter.flush();
      return;
    }
    const result: unknown = await tool.run(checked.value as never, this.#callOf(running, callId));
    this.#returned(running, callId, result);
  }

  #callOf({ tool, session, abort }: Running, callId: string): ToolCall<string> {
    const purpose = `tool:${tool.name}`;
    const originNow = (): 'remark' | 'too late' => {
      // Once the session has ended the gate refuses.
      if (!this.#runtime.goesOn || this.#runtime.ask(mayRemark, callId)) return 'remark';
      // A throw in a listener of its signal would end the process: there the gate refuses too.
      if (this.#aborting === callId) return 'too late';
      throw new MisuseError(
        `The tool '${tool.name}' may speak while it runs: it has ended, or is no longer part of the session.`,
      );
    };
    // The session issues this `respond` too: it is bound to the tool's purpose, and goes through the same gate.
    const respond = ((options = {}) => {
      return request(this.#runtime, purpose, options, originNow());
    }) as RespondAs;
    return { name: tool.name, callId, signal: abort.signal, session, respond };
  }

  #returned(running: Running, callId: string, result: unknown): void {
    const { text, odd } = writeResult(result);
    const reply = this.#replyOf(running.tool, result);
    this.#tell(callId, { result: 'answered', output: text, odd, reply, threw: null });
  }

  /** Asks `reply` whether the model speaks. If that throws, the model does: the tool has done its work. */
  #replyOf({ name, reply }: RunnableTool, result: unknown): Returned['reply'] {
    try {
      const decided: Reply = typeof reply === 'function' ? reply(result) : reply;
      checkReply(decided);
      if (decided === 'silent' || decided === 'respond') return decided;
      const params = paramsOf(decided);
      return params ? { params } : 'respond';
    } catch (cause) {
      const words = wordsOf(asError(cause));
      this.#runtime.fault(new MisuseError(`The reply of the tool '${name}' cannot be used: ${words}`, { cause }));
      return 'respond';
    }
  }

  /** Reports a tool that threw: because it was aborted, or by its own failure. */
  #threw({ abort: { signal } }: Running, callId: string, error: unknown): void {
    const isOfAbort =
      signal.aborted && (error === signal.reason || (error instanceof Error && error.name === 'AbortError'));
    if (isOfAbort) return this.#tell(callId, refused('aborted', STOPPED));
    this.#failed(callId, error);
  }

  #failed(callId: string, error: unknown): void {
    this.#tell(callId, { ...refused('failed', FAILED), threw: this.#runtime.errors.keep(error) });
  }

  #tell(callId: string, returned: Omit<Returned, 'call'>): void {
    this.#running = without(this.#running, callId);
    this.#runtime.returned({ ...returned, call: callId });
  }
}

const reasons: { readonly [Why in AbortTool['why']]: string } = {
  'timed-out': 'The tool did not answer in time.',
  answered: 'The call was answered by hand.',
  'hang-up': 'The call is ending.',
  ended: 'The session has ended.',
};

const NOT_JSON = 'The arguments are not valid JSON. Call the tool again with a JSON object.';
const NOT_VALID = 'The arguments are not valid. Correct them and call again.';
const FAILED = 'The tool failed. Tell the caller, and do not call it again with the same arguments.';
const GONE = 'It is of a configuration that the session no longer has.';
const STOPPED = 'It was stopped because the call was about to end; call again if it is still wanted.';

/** Parses the arguments; an empty text means no arguments. */
function parse(args: string): { readonly value: unknown } | null {
  try {
    return { value: args.trim() === '' ? {} : (JSON.parse(args) as unknown) };
  } catch {
    return null;
  }
}

type Checked = StandardSchemaV1.Result<unknown>;
type Issues = readonly {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { key: PropertyKey })[] | undefined;
}[];

/** The output for arguments that cannot be used: it tells the model what to correct, and nothing internal. */
const refused = (result: Returned['result'], error: string, issues: Issues = []): Omit<Returned, 'call'> => ({
  result,
  output: JSON.stringify({ error, ...(issues.length > 0 && { issues: issues.map(plainIssue) }) }),
  odd: 'plain',
  reply: 'respond',
  threw: null,
});

const plainIssue = ({ message, path = [] }: Issues[number]): object => ({
  path: path.map((part) => String(typeof part === 'object' ? part.key : part)).join('.'),
  message,
});
