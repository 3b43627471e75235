import type { ResponseHandle, ResponseOutcome } from '../../types/index.js';
import { Deferred } from './deferred.js';

/** A response that is asked for, or that the server made by itself, and what its users were promised. */
export interface Promised {
  readonly handle: ResponseHandle;
  readonly created: Deferred<string | null>;
  readonly outcome: Deferred<ResponseOutcome>;
  readonly heard: Deferred<'heard' | 'cut' | 'none'>;
}

/** A handle of a response. Its promises are made when they are read. */
class Handle implements ResponseHandle {
  readonly purpose: string | null;
  readonly requestId: string | null;
  readonly cancel: () => void;
  readonly #promised: Omit<Promised, 'handle'>;

  constructor({ purpose, requestId, cancel }: About, deferred: Omit<Promised, 'handle'>) {
    this.purpose = purpose;
    this.requestId = requestId;
    this.cancel = cancel;
    this.#promised = deferred;
  }

  get created(): Promise<string | null> {
    return this.#promised.created.promise;
  }

  get done(): Promise<ResponseOutcome> {
    return this.#promised.outcome.promise;
  }

  get heard(): Promise<'heard' | 'cut' | 'none'> {
    return this.#promised.heard.promise;
  }
}

type About = Pick<ResponseHandle, 'purpose' | 'requestId' | 'cancel'>;

export function promised(about: About): Promised {
  const deferred: Omit<Promised, 'handle'> = {
    created: new Deferred(),
    outcome: new Deferred(),
    heard: new Deferred(),
  };
  return { handle: new Handle(about, deferred), ...deferred };
}

/** How the machine's number of a request is told: the session's own have an `s`. */
export const requestName = (id: number): string => (id > 0 ? `req_${id}` : `req_s${-id}`);
