import type { ResponseHandle, ResponseOutcome } from '../../types/index.js';
import { Deferred } from './deferred.js';

/** A response, requested or automatic, and its promises. */
export interface Promised {
  readonly handle: ResponseHandle;
  readonly created: Deferred<string | null>;
  readonly outcome: Deferred<ResponseOutcome>;
  readonly heard: Deferred<'heard' | 'cut' | 'none'>;
}

/** A response handle. Its promises are created when first read. */
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
  const created = new Deferred<string | null>();
  const outcome = new Deferred<ResponseOutcome>();
  const heard = new Deferred<'heard' | 'cut' | 'none'>();
  return { handle: new Handle(about, { created, outcome, heard }), created, outcome, heard };
}

/** The public id of a request; requests of the session's own have an `s` in it. */
export const requestName = (id: number): string => (id > 0 ? `req_${id}` : `req_s${-id}`);
