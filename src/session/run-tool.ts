import type { AnySession, Reply, RespondAs, ToolCall, ToolCallRecord } from '../../types/index.js';
import type { RunnableTool } from '../tool.js';
import type { Core } from './core.js';
import { asError } from './mail.js';
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

/** Around one call. */
export interface Surroundings {
  readonly core: Core;
  readonly session: AnySession;
  /** Aborts what runs: the reason says why. */
  readonly abort: AbortController;
}

/** Why a tool is no longer waited for. */
export class NotWaitedFor extends Error {
  override readonly name = 'NotWaitedFor';
}

/** Never rejects: whatever happens, the model is told something that it can act on, and nothing internal. */
export async function runTool(around: Surroundings, tool: RunnableTool | undefined, call: Call): Promise<Answer> {
  if (!tool) return told('unknown', `There is no tool named '${call.name}'.`);
  const { core, abort } = around;
  const given = givenUp(abort.signal);
  const stop = core.clock.after(tool.timeoutMs, () => abort.abort(new TimedOut(tool)));
  try {
    return await Promise.race([given, answered(around, tool, call)]);
  } catch (error) {
    if (abort.signal.aborted) return told('aborted', 'The call was ended before the tool had answered.');
    core.fault(asError(error));
    return told('failed', 'The tool failed. Tell the caller, and do not call it again with the same arguments.');
  } finally {
    stop();
    if (abort.signal.reason instanceof TimedOut) core.fault(abort.signal.reason);
  }
}

class TimedOut extends NotWaitedFor {
  constructor({ name, timeoutMs }: RunnableTool) {
    super(`The tool '${name}' did not answer within ${timeoutMs} ms.`);
  }
}

/** Resolves where the abort means that nobody waits; a hang-up only asks the tool to come to an end. */
const givenUp = (signal: AbortSignal): Promise<Answer> =>
  new Promise((resolve) => {
    signal.addEventListener('abort', () => {
      if (signal.reason instanceof TimedOut) resolve(told('timed-out', 'The tool did not answer in time.'));
      else if (signal.reason instanceof NotWaitedFor) resolve(told('aborted', 'The session has ended.'));
    });
  });

async function answered({ core, session, abort }: Surroundings, tool: RunnableTool, call: Call): Promise<Answer> {
  const parsed = parse(call.args);
  if (!parsed) return told('invalid', 'The arguments are not valid JSON. Call the tool again with a JSON object.');
  const checked = await tool.parameters['~standard'].validate(parsed.value);
  if (checked.issues)
    return told('invalid', 'The arguments are not valid. Correct them and call again.', checked.issues);
  const purpose = `tool:${tool.name}`;
  // Issued by this session too: the tool speaks in its own name, through the same gate.
  const respond = ((options = {}) => request(core, purpose, options, 'remark')) as RespondAs;
  const given: ToolCall<string> = { name: tool.name, callId: call.callId, signal: abort.signal, session, respond };
  const result: unknown = await tool.run(checked.value as never, given);
  const reply = typeof tool.reply === 'function' ? tool.reply(result) : tool.reply;
  return {
    output: typeof result === 'string' ? result : (JSON.stringify(result) ?? 'null'),
    reply,
    result: 'answered',
  };
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

const plainIssue = ({ message, path = [] }: Issues[number]): object => ({
  path: path.map((part) => String(typeof part === 'object' ? part.key : part)).join('.'),
  message,
});
