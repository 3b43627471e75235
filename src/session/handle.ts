import type { Admit, Hold, Merge, Refuse, ResponseHandle, ResponseOutcome } from '../../types/index.js';
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

type Settlement = Admit | Merge | Refuse;

// Verdicts are classes: V8 makes a dictionary of a literal with getters, and keeps what they see for long.

/** A verdict: its promises are created when first read. */
class Ending {
  readonly #outcome: Deferred<ResponseOutcome>;

  constructor(outcome: Deferred<ResponseOutcome>) {
    this.#outcome = outcome;
  }

  get done(): Promise<ResponseOutcome> {
    return this.#outcome.promise;
  }
}

export class Answered<Kind extends 'admit' | 'merge'> extends Ending {
  readonly kind: Kind;
  readonly response: ResponseHandle;

  constructor(kind: Kind, response: ResponseHandle, outcome: Deferred<ResponseOutcome>) {
    super(outcome);
    this.kind = kind;
    this.response = response;
  }
}

export class Refused extends Ending implements Refuse {
  readonly kind = 'refuse';
  readonly by: Refuse['by'];
  readonly message: string;

  constructor({ by, message }: Pick<Refuse, 'by' | 'message'>, outcome: Deferred<ResponseOutcome>) {
    super(outcome);
    this.by = by;
    this.message = message;
  }
}

export class Held extends Ending implements Hold {
  readonly kind = 'hold';
  readonly by: readonly string[];
  readonly withdraw: () => void;
  readonly #settlement: Deferred<Settlement>;

  constructor({ by, withdraw }: Pick<Held, 'by' | 'withdraw'>, { outcome, settlement }: Ends) {
    super(outcome);
    this.by = by;
    this.withdraw = withdraw;
    this.#settlement = settlement;
  }

  get settled(): Promise<Settlement> {
    return this.#settlement.promise;
  }
}

interface Ends {
  readonly outcome: Deferred<ResponseOutcome>;
  readonly settlement: Deferred<Settlement>;
}

/** The public id of a request; requests of the session's own have an `s` in it. */
export const requestName = (id: number): string => (id > 0 ? `req_${id}` : `req_s${-id}`);
