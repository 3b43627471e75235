import type { ConfigureFailure } from '../../types/index.js';
import { ConfigureError } from '../errors.js';

interface Waiting {
  confirm(): void;
  reject(error: ConfigureError): void;
}

/** The promises of `configure()` and `update()`. */
export class Updates {
  readonly #waiting = new Map<number, Waiting>();
  #count = 0;

  /**
   * Settles with the update's confirmation or its `ConfigureError`; may be left unawaited. `onConfirmed` runs at the
   * confirming frame itself, before any promise can, and gives what it resolves with.
   */
  expect<Value>(onConfirmed: () => Value): { readonly id: number; readonly done: Promise<Value> } {
    const id = ++this.#count;
    const done = new Promise<Value>((resolve, reject) => {
      this.#waiting.set(id, { confirm: () => resolve(onConfirmed()), reject });
    });
    return { id, done: handled(done) };
  }

  confirm(id: number): void {
    this.#waiting.get(id)?.confirm();
    this.#waiting.delete(id);
  }

  fail(id: number, failure: ConfigureFailure): void {
    this.#waiting.get(id)?.reject(new ConfigureError(failure));
    this.#waiting.delete(id);
  }
}

/** A promise that may reject though nobody awaits it. */
export function handled<Value>(promise: Promise<Value>): Promise<Value> {
  promise.catch(() => undefined);
  return promise;
}
