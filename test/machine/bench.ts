import { at, createSession, dueAt, shutFor, anyone, step, textOf, TOKEN } from '../../src/machine/index.js';
import type { Answer, Ask, ClientEvent, Command, Effects, Input, Notice, Question } from '../../src/machine/index.js';
import type { HangUpAsk, Returned, Rules, ServerEvent, Session, Settlement, ToolSet } from '../../src/machine/index.js';
import type { Difference, Ending, ToolRound } from '../../types/index.js';
import { limits, unwatched } from '../limits.js';
import { Asked } from './asked.js';
import { created, sessionUpdated, sessionWith, type Detection } from './frames.js';

export * from './frames.js';
export { Asked };
export { limits };

/** A guard of the user's, as in a plan. */
interface UserGuard {
  readonly name: string;
  readonly kind: 'transient' | 'terminal';
  readonly shut: () => boolean;
}
interface Given extends Partial<Omit<Rules, 'limits' | 'guards' | 'accept'>> {
  readonly limits?: Partial<Rules['limits']>;
  readonly guards?: readonly UserGuard[];
  readonly accept?: (difference: Difference) => boolean;
  /** Default `off`: the server neither detects turns nor answers them. */
  readonly detection?: Detection;
  /** The tools of the first configuration; default: none. */
  readonly tools?: ToolSet;
}
export type Options = Partial<Omit<Ask, 'id' | 'purpose'>>;
type Timeless<Each> = Each extends unknown ? Omit<Each, 'now'> : never;

/** A set of tools with these functions and these hosted servers. */
export const toolSet = (functions: readonly string[], hosted: readonly string[] = [], generation = 1): ToolSet => ({
  generation,
  functions: functions.map((name) => ({ name, timeoutMs: 5_000 })),
  hosted,
});

/** A confirmed session. */
export function given(options: Given = {}): Bench {
  const bench = unconfirmed(options);
  const settings = sessionWith(options.detection ?? 'off');
  bench.asksToConfigure(settings, options.tools ? { tools: options.tools } : {});
  bench.reads(sessionUpdated(settings));
  bench.forget();
  return bench;
}

/** A session that is not configured. Its connection is not watched, unless `silentMs` is given. */
export function unconfirmed(options: Given = {}): Bench {
  const { limits: changed, guards = [], accept, detection: _detection, tools: _tools, ...rules } = options;
  return new Bench(
    {
      turnEnds: 'speech-stopped',
      line: 'own',
      prefix: 'gr',
      guards: guards.map(({ name, kind }) => ({ name, kind })),
      accept: accept ? 'asked' : 'not given',
      unknownTools: 'answer',
      playback: 'goes on',
      endsCall: 'no',
      pings: 'can ask',
      keys: 'fixed',
      recovery: null,
      ...unwatched,
      ...rules,
      limits: { ...limits, silentMs: Infinity, ...changed },
    },
    answering(guards, accept),
  );
}

/** Answers the machine's questions by calling functions, and reports what they throw. */
function answering(guards: readonly UserGuard[], accept?: Given['accept']): (question: Question) => Answer {
  return (question) => {
    try {
      if ('accept' in question) return { yes: accept!(question.accept) };
      return { yes: guards.find(({ name }) => name === question.guard)!.shut() };
    } catch (error) {
      return { threw: { ref: 1, words: (error as Error).message } };
    }
  };
}

/** Drives a session by hand, and records everything that it does. */
export class Bench {
  readonly session: Session;
  readonly ask: (question: Question) => Answer;
  now = 0;
  /** The effects since the last `forget()`. */
  written: ClientEvent[] = [];
  notices: Notice[] = [];
  commands: Command[] = [];
  #requests = 0;
  #updates = 0;

  constructor(rules: Rules, ask: (question: Question) => Answer) {
    this.session = createSession(rules);
    this.ask = ask;
  }

  step(input: Timeless<Input>): Effects {
    const effects = step(this.session, { ...input, now: this.now }, this.ask);
    this.written.push(...effects.frames);
    this.notices.push(...effects.notices);
    this.commands.push(...effects.commands);
    return effects;
  }

  forget(): void {
    this.written = [];
    this.notices = [];
    this.commands = [];
  }

  // What happens ----------------------------------------------------------------------------------------------------

  reads(...events: readonly ServerEvent[]): void {
    for (const event of events) this.step({ type: 'frame', event, audioBytes: bytesOf(event) });
  }

  get due(): number {
    return dueAt(this.session);
  }

  /** Advances the time, with a tick whenever one is due. */
  waits(ms: number): void {
    const until = this.now + ms;
    let ticks = 0;
    while (this.due <= until) {
      if (++ticks > 10_000) throw new Error(`A tick stays due at ${this.due}.`);
      this.now = Math.max(this.now, this.due);
      this.step({ type: 'tick' });
    }
    this.now = until;
  }

  asks(purpose: string, options: Options = {}): Asked {
    const id = ++this.#requests;
    const ask: Ask = {
      params: null,
      whenBlocked: 'hold',
      override: [],
      interrupt: false,
      holdForMs: this.session.rules.limits.holdForMs,
      origin: 'user',
      depth: 0,
      attempt: 0,
      root: null,
      unseenBefore: 0,
      withdrawn: false,
      ...options,
      id,
      purpose,
    };
    this.step({ type: 'respond', ask });
    return new Asked(this, id);
  }

  /** Sends an item of ours, which the server has not added yet. */
  sends(id: string, item: object = { type: 'message', role: 'system' }): ClientEvent {
    return this.#send({ type: 'conversation.item.create', item: { id, ...item } });
  }
  commits(): ClientEvent {
    return this.#send({ type: 'input_audio_buffer.commit' });
  }
  #send(event: ClientEvent): ClientEvent {
    return this.step({ type: 'send', event }).frames[0]!;
  }
  turns(edge: 'begins' | 'ends'): void {
    this.step({ type: 'turn', edge });
  }
  closes(): void {
    this.step({ type: 'close', ending: { kind: 'closed' } });
  }
  loses(code: number | null = 1006, reason = ''): void {
    this.step({ type: 'gone', code, reason });
  }

  asksToConfigure(
    session: Record<string, unknown>,
    { timeoutMs = this.session.rules.limits.confirmMs, tools = null as ToolSet | null } = {},
  ): number {
    const id = ++this.#updates;
    this.step({ type: 'update', update: { id, session, timeoutMs, tools } });
    return id;
  }

  /** Lets the server create the response that was requested last. */
  creates(id: string, fields: object = {}): void {
    this.reads(created(id, { metadata: this.lastCreate.metadata, ...fields }));
  }
  /** Makes an admitted request whose response exists. */
  speaks(purpose: string, id: string, options: Options = {}): Asked {
    const asked = this.asks(purpose, options);
    this.creates(id);
    return asked;
  }

  hangsUp(asked: Partial<HangUpAsk> = {}): void {
    this.step({
      type: 'hang-up',
      asked: {
        purpose: 'farewell',
        farewell: { instructions: 'Say goodbye.' },
        onBargeIn: 'resume',
        deadlineMs: 9_000,
        why: 'asked',
        root: null,
        ...asked,
      },
    });
  }
  /** Returns a tool's result. */
  returns(callId: string, returned: Partial<Returned> = {}): void {
    this.step({
      type: 'tool-returned',
      returned: {
        call: callId,
        result: 'answered',
        output: '"fine"',
        odd: 'plain',
        reply: 'respond',
        threw: null,
        ...returned,
      },
    });
  }

  // What it did -----------------------------------------------------------------------------------------------------

  get creations(): readonly ClientEvent[] {
    return this.written.filter(({ type }) => type === 'response.create');
  }
  /** The purposes of the creates written. */
  get created(): readonly (string | null)[] {
    return this.creations.map((frame) => textOf(at(frame, 'response', 'metadata', 'gated_purpose')));
  }
  /** The ids of the cancelled responses. */
  get cancelled(): readonly unknown[] {
    return this.written.filter(({ type }) => type === 'response.cancel').map((frame) => frame['response_id']);
  }
  /** The settings of the updates written. */
  get updated(): readonly unknown[] {
    return this.written.filter(({ type }) => type === 'session.update').map((frame) => frame['session']);
  }
  get lastUpdateId(): string {
    return this.written.findLast(({ type }) => type === 'session.update')!['event_id'] as string;
  }
  /** The truncated items, each with the milliseconds kept. */
  get truncated(): readonly (readonly [unknown, unknown])[] {
    return this.written
      .filter(({ type }) => type === 'conversation.item.truncate')
      .map((frame) => [frame['item_id'], frame['audio_end_ms']]);
  }
  /** The outputs written, by call. */
  get outputs(): readonly (readonly [unknown, unknown])[] {
    return this.written
      .filter((frame) => at(frame, 'item', 'type') === 'function_call_output')
      .map((frame) => [at(frame, 'item', 'call_id'), at(frame, 'item', 'output')]);
  }
  /** The last output written. */
  get lastOutput(): { readonly eventId: string; readonly itemId: string } {
    const frame = this.written.findLast((each) => at(each, 'item', 'type') === 'function_call_output')!;
    return { eventId: frame['event_id'] as string, itemId: at(frame, 'item', 'id') as string };
  }

  /** The last create written, as the server knows it. */
  get lastCreate(): { readonly eventId: string; readonly metadata: Record<string, string> } {
    const frame = this.creations.at(-1)!;
    return {
      eventId: frame['event_id'] as string,
      metadata: at(frame, 'response', 'metadata') as Record<string, string>,
    };
  }
  get lastToken(): string {
    return this.lastCreate.metadata[TOKEN]!;
  }

  get faults(): readonly string[] {
    return this.notices.flatMap((notice) => (notice.kind === 'fault' ? [notice.message] : []));
  }
  get records(): readonly Settlement[] {
    return this.notices.flatMap((notice) => (notice.kind === 'record' ? [notice.record] : []));
  }
  get rounds(): readonly ToolRound[] {
    return this.notices.flatMap((notice) => (notice.kind === 'tools' ? [notice.round] : []));
  }
  /** The results of the updates, in the order of notices. */
  get confirmations(): readonly string[] {
    return this.notices.flatMap((notice) => {
      if (notice.kind === 'confirmed') return [`${notice.update} confirmed`];
      return notice.kind === 'unconfirmed' ? [`${notice.update} ${notice.failure.kind}`] : [];
    });
  }
  failureOf(update: number): unknown {
    const told = this.notices.find((notice) => notice.kind === 'unconfirmed' && notice.update === update);
    return told?.kind === 'unconfirmed' ? told.failure : undefined;
  }
  /** How the session has ended; null while it has not. */
  get ending(): Ending | null {
    const told = this.notices.findLast(({ kind }) => kind === 'closed');
    return told?.kind === 'closed' ? told.ending : null;
  }
  /** The commands, by name. */
  get commanded(): readonly string[] {
    return this.commands.map((each) => {
      if (each.do === 'run-tool') return `run-tool ${each.call}`;
      if (each.do === 'abort-tool') return `abort-tool ${each.call} ${each.why}`;
      return each.do === 'end-call' ? `end-call ${each.why}` : each.do;
    });
  }
  /** How a response was heard, by notices: `untold` before any, and all of them by name. */
  heardOf(response: string): string {
    const told = this.notices.flatMap((each) =>
      each.kind === 'heard' && each.response === response ? [each.how] : [],
    );
    return told.join(', ') || 'untold';
  }
  /** The built-in guards that are shut to a typical request. */
  get shut(): readonly string[] {
    return shutFor(this.session, anyone).map(({ name }) => name);
  }
}

const bytesOf = ({ type, delta }: ServerEvent): number =>
  type === 'response.output_audio.delta' ? Buffer.byteLength(textOf(delta) ?? '', 'base64') : 0;
