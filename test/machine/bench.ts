import { at, createGate, step, textOf, TOKEN } from '../../src/machine/index.js';
import type { Ask, ClientEvent, Effects, Gate, Notice, Rules, ServerEvent } from '../../src/machine/index.js';
import type { Input } from '../../src/machine/index.js';
import type { VerdictRecord } from '../../types/index.js';
import { limits } from '../limits.js';
import { created, sessionUpdated, sessionWith, type Detection } from './frames.js';

export * from './frames.js';
export { limits };

interface Given extends Partial<Omit<Rules, 'limits'>> {
  readonly limits?: Partial<Rules['limits']>;
  /** Default `off`: the server neither hears turns nor answers them. */
  readonly detection?: Detection;
}
type Asking = Partial<Omit<Ask, 'id' | 'purpose'>>;
type Timeless<Each> = Each extends unknown ? Omit<Each, 'now'> : never;

/** A gate whose session is confirmed, on a bench. */
export function given(options: Given = {}): Bench {
  const bench = unconfirmed(options);
  bench.asksToConfigure(sessionWith(options.detection ?? 'off'));
  bench.reads(sessionUpdated(sessionWith(options.detection ?? 'off')));
  bench.forget();
  return bench;
}

/** A gate that nobody has configured. */
export function unconfirmed({ limits: changed, detection: _detection, ...rules }: Given = {}): Bench {
  return new Bench({
    turnEnds: 'speech-stopped',
    sideband: false,
    prefix: 'gr',
    guards: [],
    accept: () => false,
    ...rules,
    limits: { ...limits, ...changed },
  });
}

/** Drives a gate by hand, and remembers all that it did. */
export class Bench {
  readonly gate: Gate;
  now = 0;
  /** All that was written and told since the last `forget()`. */
  written: ClientEvent[] = [];
  notices: Notice[] = [];
  #requests = 0;
  #updates = 0;

  constructor(rules: Rules) {
    this.gate = createGate(rules);
  }

  step(input: Timeless<Input>): Effects {
    const effects = step(this.gate, { ...input, now: this.now });
    this.written.push(...effects.frames);
    this.notices.push(...effects.notices);
    return effects;
  }

  forget(): void {
    this.written = [];
    this.notices = [];
  }

  // What happens ----------------------------------------------------------------------------------------------------

  reads(...events: readonly ServerEvent[]): void {
    for (const event of events) this.step({ type: 'frame', event });
  }

  /** Lets time pass, with a tick whenever one is due. */
  waits(ms: number): void {
    const until = this.now + ms;
    while (this.gate.due <= until) {
      this.now = Math.max(this.now, this.gate.due);
      this.step({ type: 'tick' });
    }
    this.now = until;
  }

  asks(purpose: string, options: Asking = {}): Asked {
    const id = ++this.#requests;
    const ask: Ask = {
      params: null,
      whenBlocked: 'hold',
      override: [],
      interrupt: false,
      holdForMs: this.gate.rules.limits.holdForMs,
      origin: 'user',
      ...options,
      id,
      purpose,
    };
    this.step({ type: 'respond', ask });
    return new Asked(this, id);
  }

  /** Sends an item of ours; the server has not added it yet. */
  sends(id: string, item: object = { type: 'function_call_output' }): ClientEvent {
    return this.#send({ type: 'conversation.item.create', item: { id, ...item } });
  }
  commits(): ClientEvent {
    return this.#send({ type: 'input_audio_buffer.commit' });
  }
  #send(event: ClientEvent): ClientEvent {
    return this.step({ type: 'send', event }).frames[0]!;
  }

  asksToConfigure(session: Record<string, unknown>, timeoutMs = this.gate.rules.limits.confirmMs): number {
    const id = ++this.#updates;
    this.step({ type: 'update', update: { id, session, timeoutMs } });
    return id;
  }

  /** The server creates the response that we last asked for. */
  creates(id: string, fields: object = {}): void {
    this.reads(created(id, { metadata: this.lastCreate.metadata, ...fields }));
  }
  /** An admitted request whose response exists. */
  speaks(purpose: string, id: string, options: Asking = {}): Asked {
    const asked = this.asks(purpose, options);
    this.creates(id);
    return asked;
  }

  drops(): void {
    this.step({ type: 'dropped', code: null, reason: '' });
  }
  connects(): void {
    this.step({ type: 'connected' });
  }

  // What it did -----------------------------------------------------------------------------------------------------

  #creates(): readonly ClientEvent[] {
    return this.written.filter(({ type }) => type === 'response.create');
  }
  /** The purposes of the creates that were written. */
  get created(): readonly (string | null)[] {
    return this.#creates().map((frame) => textOf(at(frame, 'response', 'metadata', 'gated_purpose')));
  }
  /** The ids of the responses that were cancelled. */
  get cancelled(): readonly unknown[] {
    return this.written.filter(({ type }) => type === 'response.cancel').map((frame) => frame['response_id']);
  }
  /** The settings of the updates that were written. */
  get updated(): readonly unknown[] {
    return this.written.filter(({ type }) => type === 'session.update').map((frame) => frame['session']);
  }
  get lastUpdateId(): string {
    return this.written.findLast(({ type }) => type === 'session.update')!['event_id'] as string;
  }

  /** The last create that was written, as the server knows it. */
  get lastCreate(): { readonly eventId: string; readonly metadata: Record<string, string> } {
    const frame = this.#creates().at(-1)!;
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
  get records(): readonly VerdictRecord[] {
    return this.notices.flatMap((notice) => (notice.kind === 'record' ? [notice.record] : []));
  }
  /** What became of the updates, in the order in which it was told. */
  get confirmations(): readonly string[] {
    return this.notices.flatMap((notice) => {
      if (notice.kind === 'confirmed') return [`${notice.update} confirmed`];
      if (notice.kind === 'unconfirmed') return [`${notice.update} ${notice.failure.kind}`];
      return notice.kind === 'broken' ? ['broken'] : [];
    });
  }
  failureOf(update: number): unknown {
    const told = this.notices.find((notice) => notice.kind === 'unconfirmed' && notice.update === update);
    return told?.kind === 'unconfirmed' ? told.failure : undefined;
  }
  /** The guards that a request of the most usual kind would meet now, tried on a copy. */
  get shut(): readonly string[] {
    const copy: Gate = { ...structuredClone({ ...this.gate, rules: undefined }), rules: this.gate.rules };
    const ask = { id: -1, purpose: '?', params: {}, whenBlocked: 'hold', override: [], interrupt: false } as const;
    const input: Input = { type: 'respond', ask: { ...ask, holdForMs: 1, origin: 'user' }, now: this.now };
    for (const notice of step(copy, input).notices) {
      if (notice.kind === 'held' && notice.request === -1) return notice.by;
      if (notice.kind === 'refused' && notice.request === -1) return [notice.by];
    }
    return [];
  }
}

/** A request, and what has been told of it. */
export class Asked {
  readonly #bench: Bench;
  readonly id: number;

  constructor(bench: Bench, id: number) {
    this.#bench = bench;
    this.id = id;
  }

  /** E.g. `admit`, `hold: user-speaking`, `refuse: closed`, `merge: resp_1`, `merge: request 1`. */
  get verdict(): string {
    const said = this.#bench.notices.flatMap((notice) => {
      if (!('request' in notice) || notice.request !== this.id) return [];
      if (notice.kind === 'admitted') return ['admit'];
      if (notice.kind === 'held') return [`hold: ${notice.by.join(', ')}`];
      if (notice.kind === 'refused') return [`refuse: ${notice.by}`];
      return notice.kind === 'merged' ? [`merge: ${nameOf(notice.into)}`] : [];
    });
    return said.at(-1) ?? 'none';
  }

  /** E.g. `open`, `completed`, `cancelled by user`, `unsent by expired`, `lost`. */
  get outcome(): string {
    const all = this.#bench.notices.flatMap((each) =>
      each.kind === 'ended' && each.requests.includes(this.id) ? [each.outcome] : [],
    );
    if (all.length > 1) return `told ${all.length} times`;
    const [outcome] = all;
    if (!outcome) return 'open';
    return 'by' in outcome ? `${outcome.status} by ${outcome.by}` : outcome.status;
  }

  /** The id of the response that answers it, once there is one. */
  get response(): string | undefined {
    for (const notice of this.#bench.notices) {
      if (notice.kind === 'created' && notice.requests.includes(this.id)) return notice.response;
      if ((notice.kind === 'merged' || notice.kind === 'answered') && notice.request === this.id)
        if ('response' in notice.into) return notice.into.response;
    }
    return undefined;
  }

  withdraws(): void {
    this.#bench.step({ type: 'withdraw', request: this.id });
  }
  cancels(): void {
    this.#bench.step({ type: 'cancel', of: { request: this.id } });
  }
}

const nameOf = (into: { request: number } | { response: string }): string =>
  'response' in into ? into.response : `request ${into.request}`;
