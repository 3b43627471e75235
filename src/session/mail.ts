import type { ResponseHandle, ResponseOutcome, SessionEvents } from '../../types/index.js';

/** What only the session's own rooms are told, in one order with what its users are. */
export interface Within {
  /** A response is over, or a request came to nothing. */
  over: Over;
  /** The user takes a turn, by whoever's word. */
  turn: undefined;
}
/** Their names: for nobody else to listen to, nor for the server to use. */
export const within: ReadonlySet<string> = new Set<keyof Within>(['over', 'turn']);

export interface Over {
  /** The server's id; null: it never came to be. */
  readonly responseId: string | null;
  readonly handle: ResponseHandle | undefined;
  readonly lane: 'default' | 'out-of-band';
  readonly outcome: ResponseOutcome;
  /** The server's code, where an error of its own ended it. */
  readonly code: string | null;
}

type Letters = SessionEvents & Within;
type Kind = keyof Letters;
type Listener = (event: never, response: ResponseHandle | undefined) => unknown;
interface Letter {
  readonly kind: string;
  readonly event: unknown;
  readonly response: ResponseHandle | undefined;
}

/** Listeners, and what waits to be told to them: in order, one at a time, whatever a listener does meanwhile. */
export class Mail {
  readonly #listeners = new Map<string, readonly Listener[]>();
  readonly #letters: Letter[] = [];
  readonly #told: () => void;
  #delivering = false;

  /** `told`: all that waited has been told. */
  constructor(told: () => void) {
    this.#told = told;
  }

  on<Type extends Kind>(
    kind: Type,
    listener: (event: Letters[Type], response: ResponseHandle | undefined) => unknown,
  ): () => void {
    // A wrapper of its own, so that one function may listen twice and be taken off once.
    const mine: Listener = (event, response) => listener(event, response);
    this.#listeners.set(kind, [...(this.#listeners.get(kind) ?? []), mine]);
    return () => {
      this.#listeners.set(kind, this.#listeners.get(kind)?.filter((each) => each !== mine) ?? []);
    };
  }

  wanted(kind: string): boolean {
    return (this.#listeners.get(kind)?.length ?? 0) > 0;
  }

  post(kind: string, event: unknown, response?: ResponseHandle): void {
    if (this.wanted(kind)) this.#letters.push({ kind, event, response });
  }

  get busy(): boolean {
    return this.#delivering;
  }

  /** Tells all that waits, and what is posted meanwhile. Does nothing while it is under way. */
  deliver(): void {
    if (this.#delivering || this.#letters.length === 0) return;
    this.#delivering = true;
    for (let letter = this.#letters.shift(); letter; letter = this.#letters.shift()) {
      for (const listener of this.#listeners.get(letter.kind) ?? []) this.#tell(listener, letter);
    }
    this.#delivering = false;
    this.#told();
  }

  #tell(listener: Listener, { kind, event, response }: Letter): void {
    try {
      const result: unknown = listener(event as never, response);
      if (isThenable(result)) Promise.resolve(result).catch((error: unknown) => this.#fault(kind, error));
    } catch (error) {
      this.#fault(kind, error);
    }
  }

  /** What a listener throws is a fault; what a listener of faults throws goes nowhere, or it would go round. */
  #fault(kind: string, error: unknown): void {
    if (kind === 'fault') return;
    this.post('fault', asError(error));
    this.deliver();
  }
}

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';

/** An Error, whatever was thrown: also what throws when it is looked at. */
export function asError(thrown: unknown): Error {
  try {
    return thrown instanceof Error ? thrown : new Error(`Thrown: ${String(thrown)}`, { cause: thrown });
  } catch {
    return new Error('Thrown: something that cannot be written down.', { cause: thrown });
  }
}
