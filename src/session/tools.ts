import type { AnySession, Reply, RespondAs, ToolCall } from '../../types/index.js';
import { isRecord, textOf, type ServerEvent } from '../gate/index.js';
import type { RunnableTool } from '../tool.js';
import type { Core } from './core.js';
import { asError } from './mail.js';
import { request } from './respond.js';

/** One function call of the model, as the server sent it. */
interface Call {
  readonly name: string;
  readonly callId: string;
  readonly args: string;
}

/** What a call came to: what the model is told, and whether it then speaks. */
interface Answer {
  readonly output: string;
  readonly reply: Reply;
}

/** The calls of one response: each gets one output, and all of them together one follow-up. */
interface Round {
  open: number;
  ended: 'not yet' | 'completed' | 'otherwise';
  /** The tool in whose name the follow-up goes out; null while none wants one. */
  speaker: string | null;
}

/** Runs the session's tools as the model calls them. */
export function runTools(core: Core, toolNamed: (name: string) => RunnableTool | undefined, session: AnySession): void {
  const rounds = new Map<string, Round>();
  const seen = new Set<string>();

  const begin = (event: ServerEvent): void => {
    const call = callIn(event);
    const id = textOf(event['response_id']);
    if (!call || id === null || seen.has(call.callId)) return;
    if (core.gate.responses.get(id)?.lane === 'out-of-band') return;
    seen.add(call.callId);
    const round = rounds.get(id) ?? { open: 0, ended: 'not yet', speaker: null };
    rounds.set(id, round);
    round.open++;
    void run(core, toolNamed(call.name), call, session).then((answer) => finish(round, call, answer));
  };

  const finish = (round: Round, call: Call, { output, reply }: Answer): void => {
    const item = { type: 'function_call_output', call_id: call.callId, output };
    core.call({ type: 'send', event: { type: 'conversation.item.create', item } });
    round.open--;
    if (reply === 'respond') round.speaker ??= call.name;
    followUp(round);
  };

  const followUp = (round: Round): void => {
    if (round.open > 0 || round.ended !== 'completed' || round.speaker === null) return;
    request(core, `tool:${round.speaker}`, {}, 'follow-up');
  };

  core.mail.on('response.output_item.done', (event) => begin(event as ServerEvent & typeof event));
  core.mail.on('response.done', ({ response }) => {
    const round = rounds.get(response.id ?? '');
    if (!round) return;
    rounds.delete(response.id ?? '');
    round.ended = response.status === 'completed' ? 'completed' : 'otherwise';
    followUp(round);
  });
}

function callIn(event: ServerEvent): Call | null {
  const item = event['item'];
  if (!isRecord(item) || item['type'] !== 'function_call' || item['status'] !== 'completed') return null;
  const callId = textOf(item['call_id']);
  const name = textOf(item['name']);
  return callId === null || name === null ? null : { callId, name, args: textOf(item['arguments']) ?? '' };
}

/** Never rejects: whatever happens, the model is told something that it can act on, and nothing internal. */
async function run(core: Core, tool: RunnableTool | undefined, call: Call, session: AnySession): Promise<Answer> {
  if (!tool) return failure(`There is no tool named '${call.name}'.`);
  const abort = new AbortController();
  const stop = core.clock.after(tool.timeoutMs, () => abort.abort(new Error(`'${tool.name}' took too long.`)));
  void core.closed.promise.then(() => abort.abort(new Error('The session has ended.')));
  const aborted = new Promise<Answer>((resolve) => {
    abort.signal.addEventListener('abort', () => resolve(failure('The tool did not answer in time.')));
  });
  try {
    return await Promise.race([aborted, answer(core, tool, call, session, abort.signal)]);
  } catch (error) {
    core.fault(asError(error));
    return failure('The tool failed.');
  } finally {
    stop();
  }
}

async function answer(
  core: Core,
  tool: RunnableTool,
  { callId, args }: Call,
  session: AnySession,
  signal: AbortSignal,
): Promise<Answer> {
  const parsed = parse(args);
  if (!parsed) return failure('The arguments are not valid JSON.');
  const checked = await tool.parameters['~standard'].validate(parsed.value);
  if (checked.issues) {
    const issues = checked.issues.map(({ message, path = [] }) => ({
      path: path.map((part) => String(typeof part === 'object' ? part.key : part)).join('.'),
      message,
    }));
    return { output: JSON.stringify({ error: 'The arguments are not valid.', issues }), reply: 'respond' };
  }
  const purpose = `tool:${tool.name}`;
  const respond = ((options = {}) => request(core, purpose, options, 'remark')) as RespondAs;
  const call: ToolCall<string> = { name: tool.name, callId, signal, session, respond };
  const result: unknown = await tool.run(checked.value as never, call);
  const reply = typeof tool.reply === 'function' ? tool.reply(result) : tool.reply;
  return { output: typeof result === 'string' ? result : (JSON.stringify(result) ?? 'null'), reply };
}

function parse(args: string): { readonly value: unknown } | null {
  try {
    return { value: JSON.parse(args) as unknown };
  } catch {
    return null;
  }
}

const failure = (error: string): Answer => ({ output: JSON.stringify({ error }), reply: 'respond' });
