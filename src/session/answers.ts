import type { Difference } from '../../types/index.js';
import { forgetOldest } from '../bounded.js';
import { type Entries, noEntries, put, without } from '../collections.js';
import { MisuseError } from '../errors.js';
import type { Answer, Question } from '../machine/index.js';
import { asError } from './emitter.js';
import { handled } from './updates.js';

/** The user's functions that a step may call. */
export interface Functions {
  readonly guards: ReadonlyMap<string, () => unknown>;
  readonly accept: ((difference: Difference) => unknown) | undefined;
}

export const noFunctions: Functions = { guards: noEntries, accept: undefined };

/** How many errors are kept until the machine reports them: a memory bound, not a setting. */
const KEPT = 256;

/** Errors thrown by the user's functions. The machine knows each by its number and its message. */
export class Errors {
  #kept: Entries<number, Error> = noEntries;
  #count = 0;

  keep(thrown: unknown): { readonly ref: number; readonly words: string } {
    const error = asError(thrown);
    const ref = ++this.#count;
    this.#kept = put(this.#kept, ref, error);
    forgetOldest(this.#kept, KEPT);
    return { ref, words: wordsOf(error) };
  }

  take(ref: number): Error | undefined {
    const error = this.#kept.get(ref);
    this.#kept = without(this.#kept, ref);
    return error;
  }
}

export function wordsOf(error: Error): string {
  try {
    return error.message;
  } catch {
    return 'something that cannot be written down';
  }
}

/** Answers the machine's questions by calling the user's functions, which may read the session and not change it. */
export class Answers {
  functions: Functions = noFunctions;
  readonly #errors: Errors;
  #asking = false;

  constructor(errors: Errors) {
    this.#errors = errors;
  }

  readonly answer = (question: Question): Answer => {
    const { guards, accept } = this.functions;
    const before = this.#asking;
    this.#asking = true;
    try {
      if ('guard' in question) return { yes: atOnce(`The guard '${question.guard}'`, guards.get(question.guard)?.()) };
      return { yes: atOnce('accept()', accept?.(question.accept)) };
    } catch (error) {
      return { threw: this.#errors.keep(error) };
    } finally {
      this.#asking = before;
    }
  };

  /** Whether such a function is being called at this moment. */
  get isAsking(): boolean {
    return this.#asking;
  }

  /** Throws `MisuseError` for a call from inside such a function. */
  mustNotBeAsking(): void {
    if (!this.#asking) return;
    throw new MisuseError('A guard and `accept` may look at the session, and not change it. Nothing was done.');
  }
}

/** Accepts only true or false: a promise is truthy and must not open the gate, and its rejection is swallowed. */
function atOnce(who: string, answer: unknown): boolean {
  if (typeof answer === 'boolean') return answer;
  void handled(Promise.resolve(answer));
  throw new MisuseError(`${who} answers at once: true or false.`);
}
