import type { ConnectFailure, Ears, Line, Transport } from '../../types/index.js';
import { ConnectError } from '../errors.js';
import { isKeyRefused, isRecord } from '../machine/index.js';
import { check } from './check.js';
import { Greeting } from './greeting.js';
import type { Runtime } from './runtime.js';
import { handled } from './updates.js';

interface Attempt {
  readonly greeting: Greeting;
  readonly abort: AbortController;
  readonly opening: Promise<Line>;
}

/**
 * Dials a session's first line, and waits until the server has greeted it. Where the key is refused and the transport
 * asks for another at each dial, it is dialled once more.
 */
export class FirstDial {
  readonly #runtime: Runtime;
  readonly #transport: Transport;
  #attempt: Attempt | null = null;
  /** Why nothing more is dialled: it took too long, or was called off. */
  #givenUp: ConnectFailure | null = null;

  constructor(runtime: Runtime, transport: Transport) {
    this.#runtime = runtime;
    this.#transport = transport;
  }

  async greeted(): Promise<void> {
    try {
      await this.#dial();
    } catch (error) {
      if (!this.#mayRenew(error)) throw this.#refusal ?? error;
      this.#leave();
      await this.#dial().catch((again: unknown) => {
        throw this.#refusal ?? again;
      });
    }
  }

  giveUp(failure: ConnectFailure): void {
    this.#givenUp ??= failure;
    this.#attempt?.greeting.refuse(failure);
    this.#attempt?.abort.abort();
  }

  /** Leaves nothing open. Nobody holds this session, so it need not wait for the transport to close. */
  fail(): void {
    this.#leave();
    this.#runtime.arrivals.gone(this.#attempt?.greeting.lost ?? { code: null, reason: '' });
  }

  async #dial(): Promise<void> {
    const runtime = this.#runtime;
    const greeting = new Greeting(runtime.arrivals, runtime.rules.line);
    const abort = new AbortController();
    const opening = handled(open(this.#transport, greeting, abort.signal));
    this.#attempt = { greeting, abort, opening };
    if (this.#givenUp) this.giveUp(this.#givenUp);
    const line = await firstOf(opening, greeting.done);
    mustBeLine(line);
    greeting.hide(line.secrets ?? []);
    runtime.attach(line, this.#transport);
    await greeting.done;
  }

  get #refusal(): ConnectError | null {
    return this.#attempt?.greeting.refusal ?? null;
  }

  #mayRenew(error: unknown): boolean {
    const failure = this.#refusal?.failure ?? (error instanceof ConnectError ? error.failure : null);
    if (this.#transport.credentials !== 'renewed' || failure?.kind !== 'refused') return false;
    return isKeyRefused({ ...failure, closeCode: this.#attempt?.greeting.lost?.code });
  }

  #leave(): void {
    this.#attempt?.abort.abort();
    void handled(this.#attempt?.opening.then((line) => line.close(1000, 'OK')) ?? Promise.resolve());
  }
}

function mustBeLine(line: unknown): void {
  const isLine = isRecord(line) && typeof line['send'] === 'function' && typeof line['close'] === 'function';
  check(isLine, 'open() of the transport gave no line: an object with send() and close().');
}

/** Opens the transport, and turns an exception into a rejection. */
const open = async (transport: Transport, ears: Ears, signal: AbortSignal): Promise<Line> =>
  transport.open(ears, signal);

/** Resolves with the line, or rejects with the first refusal, even if the transport ignores its signal. */
const firstOf = (opening: Promise<Line>, greeted: Promise<void>): Promise<Line> =>
  Promise.race([opening, greeted.then(() => opening)]);
