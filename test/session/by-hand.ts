import { connect } from '../../src/session/connect.js';
import { virtualClock, type VirtualClock } from '../../src/simulator/clock.js';
import type { ConfirmedSession, Ears, Line, SessionPlan, Transport, UnconfirmedSession } from '../../types/index.js';

export type Frame = { readonly type: string; readonly [field: string]: any };

interface Habits {
  /** `sideband`: the server sends no greeting. */
  readonly kind?: 'own' | 'sideband';
  /** Reacts to each frame at once, before `send()` has returned. */
  readonly answers?: (frame: Frame, server: ServerByHand) => void;
  /** Whether the connection supports pings, and whether they are answered. Default: both. */
  readonly pings?: 'answered' | 'unanswered' | 'impossible';
  /** `never`: a close never ends. `at once`: it ends before `close()` has returned. */
  readonly closes?: 'at once' | 'never';
  readonly secrets?: readonly string[];
}

/** A server whose every frame the test writes, with a clock that the test moves. */
export class ServerByHand implements Transport {
  readonly clock: VirtualClock = virtualClock();
  readonly written: Frame[] = [];
  readonly #habits: Habits;
  #ears: Ears | null = null;
  #state: 'open' | 'gone' = 'open';
  /** The bytes accepted and not sent yet. */
  unsentBytes = 0;
  /** How many pings were sent. */
  pinged = 0;
  /** Thrown by the next `send()`. */
  failure: Error | null = null;

  constructor(habits: Habits = {}) {
    this.#habits = habits;
  }

  open(ears: Ears): Promise<Line> {
    this.#ears = ears;
    if (this.#habits.kind !== 'sideband') this.says({ type: 'session.created', session: { id: 'sess_1' } });
    return Promise.resolve(this.#line());
  }

  #line(): Line {
    const { answers, closes = 'at once', pings = 'answered', secrets = [] } = this.#habits;
    const unsent = (): number => this.unsentBytes;
    const ping = (): void => {
      this.pinged++;
      if (pings === 'answered') this.lives();
    };
    return {
      send: (text) => {
        if (this.failure) throw this.failure;
        const frame = JSON.parse(text) as Frame;
        this.written.push(frame);
        answers?.(frame, this);
      },
      close: (code, reason) => {
        if (closes === 'at once') this.ends(code, reason);
      },
      secrets,
      get unsentBytes() {
        return unsent();
      },
      ...(pings !== 'impossible' && { ping }),
    };
  }

  get isGone(): boolean {
    return this.#state === 'gone';
  }

  says(...frames: readonly Frame[]): void {
    for (const frame of frames) this.#ears?.frame(JSON.stringify(frame));
  }
  /** Sends a pong. */
  lives(): void {
    this.#ears?.alive?.();
  }
  saysText(text: string): void {
    this.#ears?.frame(text);
  }
  /** Confirms everything that was asked for. */
  confirms(settings: object = {}): void {
    const session = { id: 'sess_1', ...this.last('session.update')?.['session'], ...settings };
    this.says({ type: 'session.updated', session });
  }
  /** Creates the response that was requested last. */
  creates(id: string): void {
    const metadata = this.last('response.create')?.['response'].metadata;
    this.says({ type: 'response.created', response: { id, metadata, conversation_id: 'conv_1' } });
  }
  /** Completes a response, with text, so that it has some output. */
  completes(id: string): void {
    const output = [{ type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Yes.' }] }];
    const response = { id, status: 'completed', output, output_modalities: ['text'], conversation_id: 'conv_1' };
    this.says({ type: 'response.done', response });
  }
  ends(code: number | null, reason = ''): void {
    if (this.#state === 'gone') return;
    this.#state = 'gone';
    this.#ears?.gone({ code, reason });
  }

  last(type: string): Frame | undefined {
    return this.written.findLast((frame) => frame.type === type);
  }
  types(): readonly string[] {
    return this.written.map(({ type }) => type);
  }

  connected(): Promise<UnconfirmedSession> {
    return connect({ transport: this, clock: this.clock, kind: this.#habits.kind ?? 'own', model: 'gpt-realtime-2.1' });
  }
  /** A confirmed session after its first macrotask, with the frames so far forgotten. */
  async opened(plan: SessionPlan = {}): Promise<ConfirmedSession<string>> {
    const unconfirmed = await this.connected();
    const configured = unconfirmed.configure(plan);
    if (!this.#habits.answers) this.confirms();
    const session = await configured;
    this.clock.advance(0);
    this.written.length = 0;
    return session;
  }
}

/** Waits until every promise that can settle has settled. */
export const settles = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

export const isSettled = async (promise: Promise<unknown>): Promise<boolean> => {
  let settled = false;
  const note = (): void => void (settled = true);
  void promise.then(note, note);
  await settles();
  return settled;
};

export const delta = (response: string, item = 'item_1', bytes = [1, 2, 3]): Frame => ({
  type: 'response.output_audio.delta',
  response_id: response,
  item_id: item,
  delta: Buffer.from(bytes).toString('base64'),
});

/** The error that a promise is rejected with. */
export const rejection = (promise: Promise<unknown>): Promise<any> =>
  promise.then(
    () => {
      throw new Error('It was not rejected.');
    },
    (error: unknown) => error,
  );

/** A complete function call. */
export const functionCall = (response: string, call: string, name: string, args = '{}'): Frame => ({
  type: 'response.output_item.done',
  response_id: response,
  output_index: 0,
  item: { id: `item_${call}`, type: 'function_call', status: 'completed', call_id: call, name, arguments: args },
});

/** The messages of the session's faults from now on. */
export function faultsOf(session: ConfirmedSession<string>): string[] {
  const faults: string[] = [];
  session.on('fault', ({ message }) => faults.push(message));
  return faults;
}
