import type { RealtimeResponseCreateParams } from 'openai/resources/realtime/realtime';
import type { ResponseHandle, ResponseOutcome } from '../../types/index.js';
import type { Ask } from '../gate/index.js';
import { Once } from './once.js';

/** One request as it was made, for whoever has to make it again. */
export interface Asked {
  readonly response: RealtimeResponseCreateParams | undefined;
  readonly origin: Ask['origin'];
  /** How often it has been tried before. */
  readonly attempt: number;
}

/** A response that is asked for, or that the server made by itself, and what its users were promised. */
export interface Promised {
  readonly handle: ResponseHandle;
  readonly created: Once<string | null>;
  readonly outcome: Once<ResponseOutcome>;
}

/** What the users of a response hold. Its promises are made when they are read. */
class Handle implements ResponseHandle {
  readonly purpose: string | null;
  readonly cancel: () => void;
  readonly #created: Promised['created'];
  readonly #outcome: Promised['outcome'];
  readonly #asked: Asked | null;

  constructor(
    purpose: string | null,
    cancel: () => void,
    { created, outcome }: Omit<Promised, 'handle'>,
    asked: Asked | null,
  ) {
    this.purpose = purpose;
    this.cancel = cancel;
    this.#created = created;
    this.#outcome = outcome;
    this.#asked = asked;
  }

  get created(): Promise<string | null> {
    return this.#created.promise;
  }

  get done(): Promise<ResponseOutcome> {
    return this.#outcome.promise;
  }

  static askedOf(handle: ResponseHandle | undefined): Asked | null {
    return handle instanceof Handle ? handle.#asked : null;
  }
}

/** How this response was asked for; null: the server made it by itself, or there is none. */
export const askedOf = (handle: ResponseHandle | undefined): Asked | null => Handle.askedOf(handle);

export function promised(purpose: string | null, cancel: () => void, asked: Asked | null): Promised {
  const created = new Once<string | null>();
  const outcome = new Once<ResponseOutcome>();
  return { handle: new Handle(purpose, cancel, { created, outcome }, asked), created, outcome };
}
