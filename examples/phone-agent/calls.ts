import { within } from '../shared/within.js';
import type { Call } from './call.js';

const ANNOUNCED_FOR_MS = 60_000;
/** The farewells are bounded themselves; this is for whatever else might not come to its end. */
const GOODBYES_MS = 20_000;
/** How long Twilio may take, once a stream has ended, to ask what comes next. It asks at once, or not at all. */
const NEXT_MS = 2_000;
/** How many calls are remembered once they are over. */
const REMEMBERED = 1_000;

/** Every call that is expected, under way or over. */
export class Calls {
  readonly #expected = new Map<string, { readonly caller: string; readonly forget: NodeJS.Timeout }>();
  readonly #running = new Map<string, Call>();
  /** The calls that have had their stream, oldest first: how each has ended, or will end. */
  readonly #answered = new Map<string, Promise<string>>();
  /** The calls that are said goodbye to, until Twilio has been told what comes next. */
  readonly #leaving = new Map<string, () => void>();
  /** Once it is closing, nobody is let in: they would not be said goodbye to. */
  #state: 'open' | 'closing' = 'open';

  get state(): 'open' | 'closing' {
    return this.#state;
  }

  /** Twilio has announced a call: its stream is to come. A webhook that is delivered again announces nothing new. */
  expect(callSid: string, caller: string): void {
    if (this.#answered.has(callSid)) return;
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
    this.#answered.set(callSid, call.ended);
    void call.ended.then(() => {
      this.#running.delete(callSid);
      this.#forgetOldest();
    });
  }

  /** The call, while it is under way. */
  get(callSid: string): Call | undefined {
    return this.#running.get(callSid);
  }

  /** How a call of this process ends; undefined for one that it has not answered, or has forgotten. */
  endingOf(callSid: string): Promise<string> | undefined {
    return this.#answered.get(callSid);
  }

  get count(): number {
    return this.#running.size;
  }

  /** No call is taken any more. Resolves once every call has ended; rejects with `DeadlineError` if one does not. */
  async sayGoodbye(): Promise<void> {
    this.#state = 'closing';
    for (const { forget } of this.#expected.values()) clearTimeout(forget);
    this.#expected.clear();
    const running = [...this.#running];
    await within(GOODBYES_MS, Promise.all(running.map(([callSid, call]) => this.#sayGoodbyeTo(callSid, call))));
  }

  /** Twilio has been told what comes after the stream of this call: nothing more is owed to it. */
  hasLeft(callSid: string): void {
    this.#leaving.get(callSid)?.();
  }

  async #sayGoodbyeTo(callSid: string, call: Call): Promise<void> {
    const left = new Promise<void>((resolve) => this.#leaving.set(callSid, resolve));
    await Promise.all([call.sayGoodbye(), call.ended]);
    // Of a caller who has hung up Twilio asks nothing; for any other, no answer is an error that the caller hears.
    await within(NEXT_MS, left).catch(() => undefined);
  }

  #forgetOldest(): void {
    for (const callSid of this.#answered.keys()) {
      if (this.#answered.size <= REMEMBERED) return;
      if (!this.#running.has(callSid)) this.#answered.delete(callSid);
    }
  }
}
