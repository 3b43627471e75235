import type { Admit, Merge, Refuse, ResponseHandle, ResponseOutcome, Verdict } from '../../types/index.js';
import { Recent } from '../bounded.js';
import { type Entries, noEntries, put, without } from '../collections.js';
import { PeerError, TransportError } from '../errors.js';
import type { Notice, Outcome } from '../machine/index.js';
import { Deferred } from './deferred.js';
import { Answered, Held, promised, type Promised, Refused, requestName } from './handle.js';

export interface Requested extends Promised {
  readonly id: number;
  readonly settlement: Deferred<Admit | Merge | Refuse>;
  verdict: Verdict | null;
}

type Target = { readonly request: number } | { readonly response: string };
/** What a handle may do: it acts only on its own request or response. */
export interface Reach {
  withdraw(request: number): void;
  cancel(of: Target): void;
}

/**
 * How many ended responses listeners can still look up, for late frames and for playback: a memory bound, not a
 * setting.
 */
const REMEMBERED = 32;

/** All promises given to the session's users. The machine's notices settle them. */
export class Handles {
  #requests: Entries<number, Requested> = noEntries;
  readonly #ended = new Recent<Promised>(REMEMBERED);
  #responses: Entries<string, Promised> = noEntries;
  /** Requests whose response has ended and may still be being heard. */
  #listening: Entries<number, Promised> = noEntries;
  readonly #reach: Reach;
  #count = 0;

  constructor(reach: Reach) {
    this.#reach = reach;
  }

  /** Creates the promises of a new request, and its number. */
  promise(purpose: string): Readonly<Requested> {
    const id = ++this.#count;
    const { handle, created, outcome, heard } = this.#promised(purpose, { request: id }, id);
    const requested: Requested = { handle, created, outcome, heard, id, settlement: new Deferred(), verdict: null };
    this.#requests = put(this.#requests, id, requested);
    return requested;
  }

  /** The handle of the response that a server event names. */
  of(response: unknown): ResponseHandle | undefined {
    if (typeof response !== 'string') return undefined;
    return (this.#responses.get(response) ?? this.#ended.get(response))?.handle;
  }

  /** Whether any response is open. */
  get hasOpenResponses(): boolean {
    return this.#responses.size > 0;
  }

  /** Settles the promises that a notice concerns. */
  apply(notice: Notice): void {
    switch (notice.kind) {
      case 'held':
        return this.#hold(notice.request, notice.by);
      case 'admitted':
        return this.#settle(notice.request, ({ handle, outcome }) => new Answered('admit', handle, outcome));
      case 'merged':
        return this.#settle(notice.request, ({ handle, outcome }) => {
          return new Answered('merge', this.#at(notice.into)?.handle ?? handle, outcome);
        });
      case 'refused':
        return this.#settle(notice.request, ({ outcome }) => new Refused(notice, outcome));
      case 'answered':
        if ('response' in notice.into) this.#requests.get(notice.request)?.created.settle(notice.into.response);
        return;
      case 'created':
        return this.#create(notice);
      case 'ended':
        return this.#end(notice);
      case 'heard':
        return this.#heard(notice);
      default:
        return;
    }
  }

  #promised(purpose: string | null, target: Target, request: number | null): Promised {
    const reach = this.#reach;
    const requestId = request === null ? null : requestName(request);
    return promised({ purpose, requestId, cancel: () => reach.cancel(target) });
  }

  #at(target: Target): Promised | undefined {
    return 'request' in target ? this.#requests.get(target.request) : this.#responses.get(target.response);
  }

  #hold(id: number, by: readonly string[]): void {
    const request = this.#requests.get(id);
    if (!request) return;
    // A copy, so that editing it does not change the machine's list.
    request.verdict = new Held({ by: [...by], withdraw: () => this.#reach.withdraw(id) }, request);
  }

  #settle(id: number, decide: (request: Requested) => Admit | Merge | Refuse): void {
    const request = this.#requests.get(id);
    if (!request) return;
    const settlement = decide(request);
    if (settlement.kind !== 'merge') request.verdict ??= settlement;
    request.settlement.settle(settlement);
  }

  #create({ response, purpose, request, requests }: Extract<Notice, { kind: 'created' }>): void {
    const [first] = requests;
    const own = first === undefined ? undefined : this.#requests.get(first);
    const known = own ?? this.#promised(purpose, { response }, request ?? first ?? null);
    this.#responses = put(this.#responses, response, known);
    known.created.settle(response);
    for (const id of requests) this.#requests.get(id)?.created.settle(response);
  }

  #end({ response, requests, outcome: told }: Extract<Notice, { kind: 'ended' }>): void {
    const outcome = outcomeOf(told);
    for (const id of requests) {
      const request = this.#requests.get(id);
      if (!request) continue;
      request.created.settle(null);
      request.outcome.settle(outcome);
      if (response === null) request.heard.settle('none');
      else this.#listening = put(this.#listening, id, request);
      this.#requests = without(this.#requests, id);
    }
    const known = response === null ? undefined : this.#responses.get(response);
    if (response === null || !known) return;
    known.outcome.settle(outcome);
    this.#ended.set(response, known);
    // An emptied map is left behind, since it would keep its old tables alive: see `Recent`.
    this.#responses = without(this.#responses, response);
  }

  #heard({ response, requests, how }: Extract<Notice, { kind: 'heard' }>): void {
    (this.#responses.get(response) ?? this.#ended.get(response))?.heard.settle(how);
    for (const id of requests) {
      (this.#listening.get(id) ?? this.#requests.get(id))?.heard.settle(how);
      this.#listening = without(this.#listening, id);
    }
  }
}

/** Turns a lost response's text into an Error of the responsible class. */
function outcomeOf(outcome: Outcome): ResponseOutcome {
  if (outcome.status !== 'lost') return outcome;
  const { message, whose } = outcome;
  return { status: 'lost', cause: whose === 'server' ? new PeerError(message) : new TransportError(message) };
}
