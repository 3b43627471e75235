import type { Admit, Merge, Refuse, ResponseHandle, ResponseOutcome, Verdict } from '../../types/index.js';
import type { Notice } from '../gate/index.js';
import { forgetOldest } from './bounded.js';
import { Once } from './once.js';

/** A response that is asked for, or that the server made by itself, and what its users were promised. */
interface Promised {
  readonly handle: ResponseHandle;
  readonly created: Once<string | null>;
  readonly outcome: Once<ResponseOutcome>;
}
export interface Requested extends Promised {
  readonly id: number;
  readonly settlement: Once<Admit | Merge | Refuse>;
  verdict: Verdict | null;
}

type Target = { readonly request: number } | { readonly response: string };
/** What the holder of a handle may do. */
export interface Reach {
  withdraw(request: number): void;
  cancel(of: Target): void;
}

/** How many responses are known to listeners after their end, for stragglers and for playback: a bound, not a tuning. */
const REMEMBERED = 32;

/** Every promise that the session's users hold. The gate's notices settle them. */
export class Handles {
  readonly #requests = new Map<number, Requested>();
  readonly #responses = new Map<string, Promised>();
  readonly #ended = new Map<string, Promised>();
  readonly #reach: Reach;
  #count = 0;

  constructor(reach: Reach) {
    this.#reach = reach;
  }

  /** A request is about to be made: its number, and its verdict once the gate has given one. */
  promise(purpose: string): Readonly<Requested> {
    const id = ++this.#count;
    const requested: Requested = {
      id,
      ...this.#promised(purpose, { request: id }),
      settlement: new Once(),
      verdict: null,
    };
    this.#requests.set(id, requested);
    return requested;
  }

  /** The response that a server event names. */
  of(response: unknown): ResponseHandle | undefined {
    if (typeof response !== 'string') return undefined;
    return (this.#responses.get(response) ?? this.#ended.get(response))?.handle;
  }

  /** Whose end this is. Ask before it is applied. */
  whose({ response, requests: [first] }: Extract<Notice, { kind: 'ended' }>): ResponseHandle | undefined {
    return this.of(response) ?? (first === undefined ? undefined : this.#requests.get(first)?.handle);
  }

  /** Settles what the notice settles. */
  apply(notice: Notice): void {
    switch (notice.kind) {
      case 'held':
        return this.#hold(notice.request, notice.by);
      case 'admitted':
        return this.#settle(notice.request, ({ handle }) => ({ kind: 'admit', response: handle }));
      case 'merged':
        return this.#settle(notice.request, ({ handle }) => ({
          kind: 'merge',
          response: this.#at(notice.into)?.handle ?? handle,
        }));
      case 'refused':
        return this.#settle(notice.request, () => ({ kind: 'refuse', by: notice.by, message: notice.message }));
      case 'answered':
        if ('response' in notice.into) this.#requests.get(notice.request)?.created.settle(notice.into.response);
        return;
      case 'created':
        return this.#create(notice);
      case 'ended':
        return this.#end(notice);
      default:
        return;
    }
  }

  #promised(purpose: string | null, target: Target): Promised {
    const created = new Once<string | null>();
    const outcome = new Once<ResponseOutcome>();
    const reach = this.#reach;
    const handle: ResponseHandle = {
      purpose,
      get created() {
        return created.promise;
      },
      get done() {
        return outcome.promise;
      },
      cancel: () => reach.cancel(target),
    };
    return { handle, created, outcome };
  }

  #at(target: Target): Promised | undefined {
    return 'request' in target ? this.#requests.get(target.request) : this.#responses.get(target.response);
  }

  #hold(id: number, by: readonly string[]): void {
    const request = this.#requests.get(id);
    if (!request) return;
    const { outcome, settlement } = request;
    request.verdict = {
      kind: 'hold',
      by,
      get settled() {
        return settlement.promise;
      },
      get done() {
        return outcome.promise;
      },
      withdraw: () => this.#reach.withdraw(id),
    };
  }

  #settle(id: number, decide: (request: Requested) => Unended): void {
    const request = this.#requests.get(id);
    if (!request) return;
    const { outcome } = request;
    const settlement: Admit | Merge | Refuse = Object.defineProperty(decide(request), 'done', {
      get: () => outcome.promise,
      enumerable: true,
    }) as Admit | Merge | Refuse;
    if (settlement.kind !== 'merge') request.verdict ??= settlement;
    request.settlement.settle(settlement);
  }

  #create({ response, purpose, requests }: Extract<Notice, { kind: 'created' }>): void {
    const [own] = requests.map((id) => this.#requests.get(id));
    const promised = own ?? this.#promised(purpose, { response });
    this.#responses.set(response, promised);
    promised.created.settle(response);
    for (const id of requests) this.#requests.get(id)?.created.settle(response);
  }

  #end({ response, requests, outcome }: Extract<Notice, { kind: 'ended' }>): void {
    for (const id of requests) {
      this.#requests.get(id)?.created.settle(null);
      this.#requests.get(id)?.outcome.settle(outcome);
      this.#requests.delete(id);
    }
    const promised = response === null ? undefined : this.#responses.get(response);
    if (response === null || !promised) return;
    promised.outcome.settle(outcome);
    this.#responses.delete(response);
    this.#ended.set(response, promised);
    forgetOldest(this.#ended, REMEMBERED);
  }
}

type Unended = Omit<Admit, 'done'> | Omit<Merge, 'done'> | Omit<Refuse, 'done'>;
