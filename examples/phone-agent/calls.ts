import { within } from '../shared/within.js';
import type { Call } from './call.js';

const ANNOUNCED_FOR_MS = 60_000;
/** Bounds everything that may not end by itself; the farewells have a deadline of their own. */
const GOODBYES_MS = 20_000;
/** How long to wait, once a stream has ended, for Twilio to ask what comes next. It asks at once, or not at all. */
const NEXT_MS = 2_000;
/** How many ended calls are remembered. */
const REMEMBERED = 1_000;

/** All calls: expected, running and ended. */
export class Calls {
  readonly #expected = new Map<string, { readonly caller: string; readonly forget: NodeJS.Timeout }>();
  readonly #running = new Map<string, Call>();
  /** How each call that has had its stream has ended, or will end; oldest first. */
  readonly #answered = new Map<string, Promise<string>>();
  /** Calls that are being ended, until Twilio has been told what comes next. */
  readonly #leaving = new Map<string, () => void>();
  /** While closing, no new call is admitted, because it would get no goodbye. */
  #state: 'open' | 'closing' = 'open';

  get state(): 'open' | 'closing' {
    return this.#state;
  }

  /** Expects the stream of a call that Twilio has announced. A webhook that is delivered twice changes nothing. */
  expect(callSid: string, caller: string): void {
    if (this.#answered.has(callSid)) return;
    clearTimeout(this.#expected.get(callSid)?.forget);
    const forget = setTimeout(() => this.#expected.delete(callSid), ANNOUNCED_FOR_MS).unref();
    this.#expected.set(callSid, { caller, forget });
  }

  /** Returns the caller's number once per call, so that nobody can join a call that already has its stream. */
  claim(callSid: string): string | null {
    const expected = this.#expected.get(callSid);
    if (!expected || this.#state === 'closing') return null;
    clearTimeout(expected.forget);
    this.#expected.delete(callSid);
    return expected.caller;
  }

  add(callSid: string, call: Call): void {
    this.#running.set(callSid, call);
    this.#answered.set(callSid, call.ended);
    void call.ended.then(() => {
      this.#running.delete(callSid);
      this.#forgetOldest();
    });
  }

  /** The call, while it is running. */
  get(callSid: string): Call | undefined {
    return this.#running.get(callSid);
  }

  /** How a call ends; undefined for one that this process has not answered, or has forgotten. */
  endingOf(callSid: string): Promise<string> | undefined {
    return this.#answered.get(callSid);
  }

  get count(): number {
    return this.#running.size;
  }

  /**
   * Ends all calls with a goodbye, and admits no more. Resolves once every call has ended; rejects with `DeadlineError`
   * if one does not.
   */
  async sayGoodbye(): Promise<void> {
    this.#state = 'closing';
    for (const { forget } of this.#expected.values()) clearTimeout(forget);
    this.#expected.clear();
    const running = [...this.#running];
    await within(GOODBYES_MS, Promise.all(running.map(([callSid, call]) => this.#sayGoodbyeTo(callSid, call))));
  }

  /** Notes that Twilio has been told what comes after the stream of this call. */
  hasLeft(callSid: string): void {
    this.#leaving.get(callSid)?.();
  }

  async #sayGoodbyeTo(callSid: string, call: Call): Promise<void> {
    const left = new Promise<void>((resolve) => this.#leaving.set(callSid, resolve));
    await Promise.all([call.sayGoodbye(), call.ended]);
    // Twilio does not ask about callers who hung up. Any other caller would hear an error if nothing answered.
    await within(NEXT_MS, left).catch(() => undefined);
  }

  #forgetOldest(): void {
    for (const callSid of this.#answered.keys()) {
      if (this.#answered.size <= REMEMBERED) return;
      if (!this.#running.has(callSid)) this.#answered.delete(callSid);
    }
  }
}
