import { connect } from '../../src/session/connect.js';
import { virtualClock, type VirtualClock } from '../../src/simulator/clock.js';
import type { ConfirmedSession, Ears, Line, SessionPlan, Transport, UnconfirmedSession } from '../../types/index.js';

export type Frame = { readonly type: string; readonly [field: string]: any };

interface Habits {
  /** `sideband`: it does not greet. */
  readonly kind?: 'own' | 'sideband';
  /** What it does with what it is sent, at once: before `send()` has returned. */
  readonly answers?: (frame: Frame, server: ServerByHand) => void;
}

/** A server whose every frame the test writes, and a clock that the test moves. */
export class ServerByHand implements Transport {
  readonly clock: VirtualClock = virtualClock();
  readonly written: Frame[] = [];
  readonly #habits: Habits;
  #ears: Ears | null = null;
  #state: 'open' | 'gone' = 'open';

  constructor(habits: Habits = {}) {
    this.#habits = habits;
  }

  open(ears: Ears): Promise<Line> {
    this.#ears = ears;
    if (this.#habits.kind !== 'sideband') this.says({ type: 'session.created', session: { id: 'sess_1' } });
    return Promise.resolve({
      send: (text) => {
        const frame = JSON.parse(text) as Frame;
        this.written.push(frame);
        this.#habits.answers?.(frame, this);
      },
      close: (code, reason) => this.ends(code, reason),
    });
  }

  get isGone(): boolean {
    return this.#state === 'gone';
  }

  says(...frames: readonly Frame[]): void {
    for (const frame of frames) this.#ears?.frame(JSON.stringify(frame));
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
  completes(id: string): void {
    this.says({ type: 'response.done', response: { id, status: 'completed', output: [], conversation_id: 'conv_1' } });
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
  const pending = Symbol('pending');
  await settles();
  return (await Promise.race([promise.catch(() => null), Promise.resolve(pending)])) !== pending;
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
