import { connect } from '../../src/session/connect.js';
import { virtualClock, type VirtualClock } from '../../src/simulator/clock.js';
import type { ConfirmedSession, Ears, Line, SessionPlan, Transport, UnconfirmedSession } from '../../types/index.js';

export type Frame = { readonly type: string; readonly [field: string]: any };

interface Habits {
  /** `sideband`: it does not greet. */
  readonly kind?: 'own' | 'sideband';
  /** What it does with what it is sent, at once: before `send()` has returned. */
  readonly answers?: (frame: Frame, server: ServerByHand) => void;
  /** Whether the line can ask for a sign of life, and gets one. Default: it can, and does. */
  readonly pings?: 'answered' | 'unanswered' | 'impossible';
  /** `never`: its close never ends. `at once`: before `close()` has returned. */
  readonly closes?: 'at once' | 'never';
  readonly secrets?: readonly string[];
}

/** A server whose every frame the test writes, and a clock that the test moves. */
export class ServerByHand implements Transport {
  readonly clock: VirtualClock = virtualClock();
  readonly written: Frame[] = [];
  readonly #habits: Habits;
  #ears: Ears | null = null;
  #state: 'open' | 'gone' = 'open';
  /** What the line has taken and the network has not. */
  unsentBytes = 0;
  /** How often it was asked for a sign of life. */
  pinged = 0;
  /** Thrown by the line when it is told to send. */
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
  /** A sign of life without content. */
  lives(): void {
    this.#ears?.alive?.();
  }
  saysText(text: string): void {
    this.#ears?.frame(text);
  }
  /** Everything that was asked for stands. */
  confirms(settings: object = {}): void {
    const session = { id: 'sess_1', ...this.last('session.update')?.['session'], ...settings };
    this.says({ type: 'session.updated', session });
  }
  /** Creates the response that was asked for last. */
  creates(id: string): void {
    const metadata = this.last('response.create')?.['response'].metadata;
    this.says({ type: 'response.created', response: { id, metadata, conversation_id: 'conv_1' } });
  }
  /** In text, so that it has said something. */
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
  /** A confirmed session, its first macrotask over, and nothing written yet that counts. */
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

/** Lets every promise that can settle do so. */
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

/** What a promise is rejected with. */
export const rejection = (promise: Promise<unknown>): Promise<any> =>
  promise.then(
    () => {
      throw new Error('It was not rejected.');
    },
    (error: unknown) => error,
  );

/** A call of a function that is whole. */
export const functionCall = (response: string, call: string, name: string, args = '{}'): Frame => ({
  type: 'response.output_item.done',
  response_id: response,
  output_index: 0,
  item: { id: `item_${call}`, type: 'function_call', status: 'completed', call_id: call, name, arguments: args },
});

/** What a session tells its operator, in words, from now on. */
export function faultsOf(session: ConfirmedSession<string>): string[] {
  const faults: string[] = [];
  session.on('fault', ({ message }) => faults.push(message));
  return faults;
}
