import type { Logger } from 'gated-realtime';
import { within } from '../shared/within.js';
import { SipCall, type SipOptions } from './call.js';

/** How many calls are remembered, so that one that is announced twice is taken once. */
const REMEMBERED = 1_000;
/** Bounds everything that may not end by itself; the farewells have a deadline of their own. */
const GOODBYES_MS = 20_000;

/** All calls, running and ended. */
export class Calls {
  readonly #options: SipOptions;
  readonly #log: Logger;
  readonly #running = new Map<string, SipCall>();
  readonly #taken = new Set<string>();

  constructor(options: SipOptions, log: Logger) {
    this.#options = options;
    this.#log = log;
  }

  /** Takes a ringing call, unless it has been taken before. */
  take(callId: string): void {
    if (this.#taken.has(callId)) return;
    this.#taken.add(callId);
    this.#forgetOldest();
    const call = new SipCall(callId, this.#options, this.#log);
    this.#running.set(callId, call);
    void call.ended.then(() => this.#running.delete(callId));
  }

  get count(): number {
    return this.#running.size;
  }

  /** Ends all calls. Resolves once every call has ended, or when that takes too long. */
  async sayGoodbye(): Promise<void> {
    const goodbyes = [...this.#running.values()].map((call) => Promise.all([call.sayGoodbye(), call.ended]));
    try {
      await within(GOODBYES_MS, Promise.all(goodbyes));
    } catch (err) {
      this.#log.error({ err }, 'not every call has ended');
    }
  }

  #forgetOldest(): void {
    for (const oldest of this.#taken) {
      if (this.#taken.size <= REMEMBERED) return;
      this.#taken.delete(oldest);
    }
  }
}
