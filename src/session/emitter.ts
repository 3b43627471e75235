import type { ResponseHandle, SessionEvents } from '../../types/index.js';
import { emptyList, type Entries, noEntries, put } from '../collections.js';
import { Queue } from '../queue.js';

/** An object of its own, so that the same function can be added twice and removed once. */
interface Listener {
  readonly run: (event: never, response: ResponseHandle | undefined) => unknown;
}

/** An entry of the queue: an event for the listeners, or a function to run in its turn. */
type Entry =
  | { readonly name: string; readonly event: unknown; readonly response: ResponseHandle | undefined }
  | { readonly run: () => void };

export interface EmitterOwner {
  /** Called when all listeners have been told. */
  allTold(): void;
  /** Reports what a listener threw. */
  fault(error: Error): void;
}

/** Listeners, and the queue of events for them: delivered in order, one at a time, whatever a listener does. */
export class Emitter {
  #listeners: Entries<string, readonly Listener[]> = noEntries;
  readonly #queue = new Queue<Entry>();
  readonly #owner: EmitterOwner;
  #telling = false;

  constructor(owner: EmitterOwner) {
    this.#owner = owner;
  }

  /** Adds a listener, and returns the function that removes it. */
  on<Type extends keyof SessionEvents>(
    name: Type,
    listener: (event: SessionEvents[Type], response: ResponseHandle | undefined) => unknown,
  ): () => void {
    const mine: Listener = { run: listener };
    this.#listeners = put(this.#listeners, name, (this.#listeners.get(name) ?? emptyList).concat(mine));
    return () => {
      const others = this.#listeners.get(name)?.filter((each) => each !== mine) ?? [];
      this.#listeners = put(this.#listeners, name, others);
    };
  }

  hasListeners(name: string): boolean {
    return (this.#listeners.get(name)?.length ?? 0) > 0;
  }

  /** Queues an event, if it has listeners. */
  queue(name: string, event: unknown, response?: ResponseHandle): void {
    if (this.hasListeners(name)) this.#queue.push({ name, event, response });
  }

  /** Queues a function that runs the user's code, such as the listeners of an `AbortSignal`. */
  queueCall(run: () => void): void {
    this.#queue.push({ run });
  }

  get isTelling(): boolean {
    return this.#telling;
  }

  /** Delivers everything that is queued, including what is queued meanwhile. Does nothing while a flush is running. */
  flush(): void {
    if (this.#telling || this.#queue.length === 0) return;
    this.#telling = true;
    for (let entry = this.#queue.shift(); entry; entry = this.#queue.shift()) this.#tell(entry);
    this.#telling = false;
    this.#owner.allTold();
  }

  #tell(entry: Entry): void {
    if ('run' in entry) return entry.run();
    for (const { run } of this.#listeners.get(entry.name) ?? []) {
      try {
        const result: unknown = run(entry.event as never, entry.response);
        if (isThenable(result)) Promise.resolve(result).catch((error: unknown) => this.#threw(entry.name, error));
      } catch (error) {
        this.#threw(entry.name, error);
      }
    }
  }

  /** Reports what a listener threw, except a listener of faults, which would cause an endless loop. */
  #threw(name: string, error: unknown): void {
    if (name !== 'fault') this.#owner.fault(asError(error));
  }
}

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';

/** Turns anything thrown into an Error, even a value that throws when it is read. */
export function asError(thrown: unknown): Error {
  try {
    return thrown instanceof Error ? thrown : new Error(`Thrown: ${String(thrown)}`, { cause: thrown });
  } catch {
    return new Error('Thrown: something that cannot be written down.', { cause: thrown });
  }
}
