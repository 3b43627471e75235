import type { AnySession, ToolCallRecord, ToolRound } from '../../types/index.js';
import { isRecord, textOf, type ServerEvent } from '../gate/index.js';
import type { RunnableTool } from '../tool.js';
import { forgetOldest } from '../bounded.js';
import type { Core } from './core.js';
import { request } from './respond.js';
import { ended, NotWaitedFor, Running, runTool, type Answer, type Call } from './run-tool.js';

/** The calls of one response: each gets one output, and all of them together one follow-up. */
interface Round {
  readonly responseId: string;
  readonly calls: ToolCallRecord[];
  running: number;
  /** How its response ended; null while it has not. */
  ended: 'completed' | 'cancelled' | 'incomplete' | 'failed' | 'lost' | null;
  /** The tool in whose name the follow-up goes out; null while none wants one. */
  speaker: string | null;
}

/** How many calls are remembered so that none runs twice, and how many rounds, should they never end: a bound. */
const REMEMBERED = 1024;

/** Runs the session's tools as the model calls them. */
export class Tools {
  readonly #core: Core;
  readonly #session: AnySession;
  readonly #rounds = new Map<string, Round>();
  readonly #seen = new Set<string>();
  readonly #running = new Set<Running>();
  #tools: ReadonlyMap<string, RunnableTool>;

  constructor(core: Core, session: AnySession, tools: ReadonlyMap<string, RunnableTool>) {
    this.#core = core;
    this.#session = session;
    this.#tools = tools;
  }

  /** Listens from now on. */
  begin(): void {
    const { mail, leaving } = this.#core;
    mail.on('response.output_item.done', (event) => this.#called({ ...event }));
    mail.on('over', ({ responseId, outcome: { status } }) => {
      const round = this.#rounds.get(responseId ?? '');
      if (!round || status === 'unsent') return;
      round.ended = status;
      this.#conclude(round);
    });
    void leaving.promise.then(() => {
      for (const each of this.#running) each.leave(new NotWaitedFor('The session has ended.'), ended);
    });
  }

  exchange(tools: ReadonlyMap<string, RunnableTool>): void {
    this.#tools = tools;
  }

  /** The call is being ended: what runs is asked to come to an end. */
  hangUp(): void {
    for (const each of this.#running) each.end(ending());
  }

  #called(event: ServerEvent): void {
    const call = callIn(event);
    const responseId = textOf(event['response_id']);
    if (!call || responseId === null || this.#seen.has(call.callId)) return;
    const response = this.#core.gate.responses.get(responseId);
    if (response?.lane === 'out-of-band') return;
    this.#seen.add(call.callId);
    forgetOldest(this.#seen, REMEMBERED);
    const round = this.#rounds.get(responseId) ?? newRound(responseId, response ? null : 'lost');
    this.#rounds.set(responseId, round);
    forgetOldest(this.#rounds, REMEMBERED);
    void this.#run(round, call);
  }

  async #run(round: Round, call: Call): Promise<void> {
    const core = this.#core;
    const running = new Running();
    const startedAt = core.clock.now();
    round.running++;
    this.#running.add(running);
    if (core.gate.hangup === 'pending') running.end(ending());
    const answer = await runTool({ core, session: this.#session, running }, this.#tools.get(call.name), call);
    this.#running.delete(running);
    round.running--;
    const result = this.#send(call, answer);
    round.calls.push({ name: call.name, callId: call.callId, result, ms: core.clock.now() - startedAt });
    if (answer.reply === 'respond') round.speaker ??= call.name;
    this.#conclude(round);
  }

  #send({ callId }: Call, { output, result }: Answer): ToolCallRecord['result'] {
    if (this.#core.gate.connection !== 'open') return 'unsent';
    const item = { type: 'function_call_output', call_id: callId, output };
    this.#core.call({ type: 'send', event: { type: 'conversation.item.create', item } });
    return result;
  }

  /** Once the response has ended and every call of it has its output. */
  #conclude(round: Round): void {
    const { responseId, running, ended, speaker, calls } = round;
    if (running > 0 || ended === null) return;
    this.#rounds.delete(responseId);
    // What no output was sent for has nothing to be followed up.
    const isUnsent = calls.every(({ result }) => result === 'unsent');
    const wanted = ended !== 'completed' ? ended : speaker === null ? 'silent' : 'asked';
    const followUp = isUnsent ? 'lost' : wanted;
    this.#core.mail.post('tools', { responseId, calls, followUp } satisfies ToolRound);
    if (followUp === 'asked') request(this.#core, `tool:${speaker ?? ''}`, {}, 'follow-up');
    else this.#core.mail.deliver();
  }
}

const ending = (): NotWaitedFor => new NotWaitedFor('The call is ending.');

const newRound = (responseId: string, how: Round['ended']): Round => ({
  responseId,
  calls: [],
  running: 0,
  ended: how,
  speaker: null,
});

/** The server takes names of 64 characters. What the model makes up beyond that is not carried on as a purpose. */
const LONGER_THAN_ANY_NAME = 65;

/** A call that is whole: one that was cut off is not run. */
function callIn(event: ServerEvent): Call | null {
  const item = event['item'];
  if (!isRecord(item) || item['type'] !== 'function_call' || item['status'] !== 'completed') return null;
  const callId = textOf(item['call_id']);
  const name = textOf(item['name'])?.slice(0, LONGER_THAN_ANY_NAME) ?? null;
  return callId === null || name === null ? null : { callId, name, args: textOf(item['arguments']) ?? '' };
}
