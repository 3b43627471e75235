import type { AnySession, Reply, RespondAs, ToolCall, ToolCallRecord } from '../../types/index.js';
import type { RunnableTool } from '../tool.js';
import type { Core } from './core.js';
import { asError } from './mail.js';
import { Once } from './once.js';
import { request } from './respond.js';

/** One function call of the model, as the server sent it. */
export interface Call {
  readonly name: string;
  readonly callId: string;
  readonly args: string;
}

/** What a call came to: what the model is told, whether it then speaks, and what the operator sees. */
export interface Answer {
  readonly output: string;
  readonly reply: Reply;
  readonly result: ToolCallRecord['result'];
}

/** Why a tool is no longer waited for, or soon will not be. */
export class NotWaitedFor extends Error {
  override readonly name = 'NotWaitedFor';
}

/** A call while it runs. */
export class Running {
  readonly #abort = new AbortController();
  readonly #left = new Once<Answer>();

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Settles once nobody waits for the tool any longer, with what is said in its place. */
  get left(): Promise<Answer> {
    return this.#left.promise;
  }

  get isLeft(): boolean {
    return this.#left.isSettled;
  }

  /** The tool is asked to come to an end, and still waited for. */
  end(reason: NotWaitedFor): void {
    this.#abort.abort(reason);
  }

  /** It is asked to come to an end, and not waited for. */
  leave(reason: NotWaitedFor, answer: Answer): void {
    this.#left.settle(answer);
    this.#abort.abort(reason);
  }
}

/** Around one call. */
export interface Surroundings {
  readonly core: Core;
  readonly session: AnySession;
  readonly running: Running;
}

/** Never rejects: whatever happens, the model is told something that it can act on, and nothing internal. */
export async function runTool(around: Surroundings, tool: RunnableTool | undefined, call: Call): Promise<Answer> {
  if (!tool) return told('unknown', `There is no tool named '${call.name}'.`);
  const { core, running } = around;
  const stop = core.clock.after(tool.timeoutMs, () => {
    const overdue = new NotWaitedFor(`The tool '${tool.name}' did not answer within ${tool.timeoutMs} ms.`);
    running.leave(overdue, told('timed-out', 'The tool did not answer in time.'));
    core.fault(overdue);
  });
  const answer = answered(around, tool, call);
  // Nobody waits for it any more: what goes wrong in it is seen all the same.
  answer.catch((error: unknown) => {
    if (running.isLeft && !isOf(running.signal, error)) core.fault(asError(error));
  });
  try {
    return await Promise.race([running.left, answer]);
  } catch (error) {
    if (isOf(running.signal, error)) return ended;
    core.fault(asError(error));
    return told('failed', 'The tool failed. Tell the caller, and do not call it again with the same arguments.');
  } finally {
    stop();
  }
}

/** The tool came to an end as it was asked to; a failure of its own is not hidden by that. */
const isOf = ({ aborted, reason }: AbortSignal, error: unknown): boolean =>
  aborted && (error === reason || (error instanceof Error && error.name === 'AbortError'));

async function answered({ core, session, running }: Surroundings, tool: RunnableTool, call: Call): Promise<Answer> {
  const parsed = parse(call.args);
  if (!parsed) return told('invalid', 'The arguments are not valid JSON. Call the tool again with a JSON object.');
  const checked = await tool.parameters['~standard'].validate(parsed.value);
  if (checked.issues)
    return told('invalid', 'The arguments are not valid. Correct them and call again.', checked.issues);
  // The model has been told that nothing came of it: nothing is to come of it.
  if (running.isLeft) return ended;
  const purpose = `tool:${tool.name}`;
  // Issued by this session too: the tool speaks in its own name, through the same gate.
  const respond = ((options = {}) => request(core, purpose, options, 'remark')) as RespondAs;
  const given: ToolCall<string> = { name: tool.name, callId: call.callId, signal: running.signal, session, respond };
  const result: unknown = await tool.run(checked.value as never, given);
  const output = typeof result === 'string' ? result : (JSON.stringify(result) ?? 'null');
  return { output, reply: replyOf(core, tool, result), result: 'answered' };
}

/** What the tool did is done, even where its `reply` throws: then the model speaks. */
function replyOf(core: Core, { reply }: RunnableTool, result: unknown): Reply {
  try {
    const decided = typeof reply === 'function' ? reply(result) : reply;
    return decided === 'silent' ? 'silent' : 'respond';
  } catch (error) {
    core.fault(asError(error));
    return 'respond';
  }
}

function parse(args: string): { readonly value: unknown } | null {
  try {
    return { value: JSON.parse(args) as unknown };
  } catch {
    return null;
  }
}

type Issues = readonly {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { key: PropertyKey })[] | undefined;
}[];

const told = (result: ToolCallRecord['result'], error: string, issues: Issues = []): Answer => ({
  output: JSON.stringify({ error, ...(issues.length > 0 && { issues: issues.map(plainIssue) }) }),
  reply: 'respond',
  result,
});

/** The call is ending, or has ended. */
export const ended: Answer = told(
  'aborted',
  'It was stopped because the call was about to end; call again if it is still wanted.',
);

const plainIssue = ({ message, path = [] }: Issues[number]): object => ({
  path: path.map((part) => String(typeof part === 'object' ? part.key : part)).join('.'),
  message,
});
