import type { Call } from './call.js';

const ANNOUNCED_FOR_MS = 60_000;

/** Every call that is expected or under way. */
export class Calls {
  readonly #expected = new Map<string, { readonly caller: string; readonly forget: NodeJS.Timeout }>();
  readonly #running = new Map<string, Call>();
  /** Once it is closing, nobody is let in: they would not be said goodbye to. */
  #state: 'open' | 'closing' = 'open';

  /** Twilio has announced a call: its stream is to come. */
  expect(callSid: string, caller: string): void {
    clearTimeout(this.#expected.get(callSid)?.forget);
    const forget = setTimeout(() => this.#expected.delete(callSid), ANNOUNCED_FOR_MS).unref();
    this.#expected.set(callSid, { caller, forget });
  }

  /** Who is calling: told once, so that nobody joins a call that has its stream already. */
  claim(callSid: string): string | null {
    const expected = this.#expected.get(callSid);
    if (!expected || this.#state === 'closing') return null;
    clearTimeout(expected.forget);
    this.#expected.delete(callSid);
    return expected.caller;
  }

  add(callSid: string, call: Call): void {
    this.#running.set(callSid, call);
    void call.ended.then(() => this.#running.delete(callSid));
  }

  get(callSid: string): Call | undefined {
    return this.#running.get(callSid);
  }

  get count(): number {
    return this.#running.size;
  }

  /** No call is taken any more. Resolves once every call has ended. */
  async sayGoodbye(): Promise<void> {
    this.#state = 'closing';
    const running = [...this.#running.values()];
    await Promise.all(running.map((call) => Promise.all([call.sayGoodbye(), call.ended])));
  }
}
