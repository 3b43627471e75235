/** A promise that is resolved from outside, once. It never rejects, and is created when first read. */
export class Deferred<Value> {
  #value: { readonly is: Value } | null = null;
  #promise: Promise<Value> | null = null;
  #resolve: ((value: Value) => void) | null = null;

  get promise(): Promise<Value> {
    const value = this.#value;
    this.#promise ??= value
      ? Promise.resolve(value.is)
      : new Promise((resolve) => {
          this.#resolve = resolve;
        });
    return this.#promise;
  }

  settle(value: Value): void {
    if (this.#value) return;
    this.#value = { is: value };
    this.#resolve?.(value);
  }
}
