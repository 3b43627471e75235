import type { ConfigureFailure } from '../../types/index.js';
import { ConfigureError } from '../errors.js';

interface Waiting {
  resolve(): void;
  reject(error: ConfigureError): void;
}

/** Who waits for which configuration. */
export class Updates {
  readonly #waiting = new Map<number, Waiting>();
  #count = 0;

  /**
   * Settles with the update's confirmation or its `ConfigureError`; may be left unawaited. `onConfirmed` runs at the
   * confirming frame itself, before any promise can.
   */
  expect(onConfirmed: () => void): { readonly id: number; readonly done: Promise<void> } {
    const id = ++this.#count;
    const done = new Promise<void>((resolve, reject) => {
      const confirm = (): void => {
        onConfirmed();
        resolve();
      };
      this.#waiting.set(id, { resolve: confirm, reject });
    });
    return { id, done: handled(done) };
  }

  confirm(id: number): void {
    this.#waiting.get(id)?.resolve();
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
