import type { ConfigureFailure } from '../../types/index.js';
import { ConfigureError } from '../errors.js';

/** A configuration that is asked for, and what follows from what becomes of it. */
export interface Expected<Value> {
  readonly by: 'configure' | 'update';
  /**
   * Runs at the confirming frame itself, before any promise can settle and anything is told, and gives what it resolves
   * with. Also where the server confirms what had been told to have failed.
   */
  readonly confirm: () => Value;
  /** Runs once it is certain that it will never be in force. */
  readonly drop?: () => void;
}

interface Waiting {
  readonly expected: Pick<Expected<unknown>, 'by' | 'drop'>;
  state: 'promised' | 'failed';
  confirm(): void;
  reject(error: ConfigureError): void;
}

/** The promises of `configure()` and `update()`. */
export class Updates {
  readonly #waiting = new Map<number, Waiting>();
  #count = 0;

  /** Settles with the update's confirmation or its `ConfigureError`; may be left unawaited. */
  expect<Value>(expected: Expected<Value>): { readonly id: number; readonly done: Promise<Value> } {
    const id = ++this.#count;
    const done = new Promise<Value>((resolve, reject) => {
      const confirm = (): void => resolve(expected.confirm());
      this.#waiting.set(id, { expected, state: 'promised', confirm, reject });
    });
    return { id, done: handled(done) };
  }

  confirm(id: number): void {
    const confirmed = this.#waiting.get(id);
    this.#waiting.delete(id);
    confirmed?.confirm();
    this.#dropBefore(id);
  }

  /** It may be confirmed all the same, until a later one has been decided. */
  fail(id: number, failure: ConfigureFailure): void {
    const failed = this.#waiting.get(id);
    if (!failed) return;
    failed.state = 'failed';
    failed.reject(new ConfigureError(failure, {}, failed.expected.by));
    // One that was aborted may never have been sent: the one before it may still be in doubt.
    if (failure.kind !== 'aborted') this.#dropBefore(id);
  }

  /** One is in flight at a time: those that failed before this one was sent will not be confirmed any more. */
  #dropBefore(id: number): void {
    for (const [each, { expected, state }] of this.#waiting) {
      if (each >= id || state !== 'failed') continue;
      this.#waiting.delete(each);
      expected.drop?.();
    }
  }
}

/** A promise that may reject though nobody awaits it. */
export function handled<Value>(promise: Promise<Value>): Promise<Value> {
  promise.catch(() => undefined);
  return promise;
}
