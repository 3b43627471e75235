import type { ConfigureFailure } from '../../types/index.js';
import { type Entries, noEntries, put, without } from '../collections.js';
import { ConfigureError } from '../errors.js';

/** A configuration that was requested, and what to do when it is confirmed or dropped. */
export interface Expected<Value> {
  readonly by: 'configure' | 'update';
  /**
   * Runs when the confirming frame is read, before any promise settles, and gives the promise's value. Also runs if the
   * server confirms an update that was reported as failed.
   */
  readonly confirm: () => Value;
  /** Runs once it is certain that the update will never be in force. */
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
  #waiting: Entries<number, Waiting> = noEntries;
  #count = 0;

  /** Settles with the update's confirmation or its `ConfigureError`; may be left unawaited. */
  expect<Value>(expected: Expected<Value>): { readonly id: number; readonly done: Promise<Value> } {
    const id = ++this.#count;
    const done = new Promise<Value>((resolve, reject) => {
      const confirm = (): void => resolve(expected.confirm());
      this.#waiting = put(this.#waiting, id, { expected, state: 'promised', confirm, reject });
    });
    return { id, done: handled(done) };
  }

  confirm(id: number): void {
    const confirmed = this.#waiting.get(id);
    this.#waiting = without(this.#waiting, id);
    confirmed?.confirm();
    this.#dropBefore(id);
  }

  /** Rejects the promise. The update may still be confirmed, until a later one has been decided. */
  fail(id: number, failure: ConfigureFailure): void {
    const failed = this.#waiting.get(id);
    if (!failed) return;
    failed.state = 'failed';
    failed.reject(new ConfigureError(failure, {}, failed.expected.by));
    // An aborted update may never have been sent, so it decides nothing about those before it.
    if (failure.kind !== 'aborted') this.#dropBefore(id);
  }

  /** Drops failed updates from before this one: only one is in flight at a time, so they can no longer be confirmed. */
  #dropBefore(id: number): void {
    for (const [each, { expected, state }] of this.#waiting) {
      if (each >= id || state !== 'failed') continue;
      this.#waiting = without(this.#waiting, each);
      expected.drop?.();
    }
  }
}

/** Marks a promise as handled, so that its rejection does not end the process when nobody awaits it. */
export function handled<Value>(promise: Promise<Value>): Promise<Value> {
  promise.catch(() => undefined);
  return promise;
}
