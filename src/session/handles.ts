import type { Admit, Merge, Refuse, ResponseHandle, Verdict } from '../../types/index.js';
import type { Notice } from '../gate/index.js';
import { Recent } from '../bounded.js';
import { promised, type Asked, type Promised } from './handle.js';
import { Once } from './once.js';

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
  readonly #ended = new Recent<Promised>(REMEMBERED);
  #responses = new Map<string, Promised>();
  readonly #reach: Reach;
  #count = 0;

  constructor(reach: Reach) {
    this.#reach = reach;
  }

  /** A request is about to be made: its number, and its verdict once the gate has given one. */
  promise(purpose: string, asked: Asked): Readonly<Requested> {
    const id = ++this.#count;
    const { handle, created, outcome } = this.#promised(purpose, { request: id }, asked);
    const requested: Requested = { id, handle, created, outcome, settlement: new Once(), verdict: null };
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
        return this.#settle(notice.request, ({ handle, outcome }) => ({
          kind: 'admit',
          response: handle,
          get done() {
            return outcome.promise;
          },
        }));
      case 'merged':
        return this.#settle(notice.request, ({ handle, outcome }) => ({
          kind: 'merge',
          response: this.#at(notice.into)?.handle ?? handle,
          get done() {
            return outcome.promise;
          },
        }));
      case 'refused':
        return this.#settle(notice.request, ({ outcome }) => ({
          kind: 'refuse',
          by: notice.by,
          message: notice.message,
          get done() {
            return outcome.promise;
          },
        }));
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

  #promised(purpose: string | null, target: Target, asked: Asked | null): Promised {
    const reach = this.#reach;
    return promised(purpose, () => reach.cancel(target), asked);
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

  #settle(id: number, decide: (request: Requested) => Admit | Merge | Refuse): void {
    const request = this.#requests.get(id);
    if (!request) return;
    const settlement = decide(request);
    if (settlement.kind !== 'merge') request.verdict ??= settlement;
    request.settlement.settle(settlement);
  }

  #create({ response, purpose, requests }: Extract<Notice, { kind: 'created' }>): void {
    const [own] = requests.map((id) => this.#requests.get(id));
    const known = own ?? this.#promised(purpose, { response }, null);
    this.#responses.set(response, known);
    known.created.settle(response);
    for (const id of requests) this.#requests.get(id)?.created.settle(response);
  }

  #end({ response, requests, outcome }: Extract<Notice, { kind: 'ended' }>): void {
    for (const id of requests) {
      this.#requests.get(id)?.created.settle(null);
      this.#requests.get(id)?.outcome.settle(outcome);
      this.#requests.delete(id);
    }
    const known = response === null ? undefined : this.#responses.get(response);
    if (response === null || !known) return;
    known.outcome.settle(outcome);
    this.#ended.set(response, known);
    this.#responses.delete(response);
    // A new one: see `Recent`.
    if (this.#responses.size === 0) this.#responses = new Map();
  }
}
