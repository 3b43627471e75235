import type { Failure, HangUpOptions, RecoveryPlan, ResponseHandle } from '../../types/index.js';
import { PeerError } from '../errors.js';
import { at, listOf } from '../gate/index.js';
import type { Core } from './core.js';
import { askedOf, type Asked } from './handle.js';
import type { Over } from './mail.js';
import { failureOf, policyOf, type Policy } from './policy.js';
import { request } from './respond.js';

type HangUp = (options: HangUpOptions, purpose: string) => Promise<unknown>;
/** The longest that a retry waits: beyond it the caller hears an apology instead. Milliseconds. */
const LONGEST_WAIT_MS = 10_000;

/** A response that failed, and what is known of it. */
interface Failed {
  readonly failure: Failure;
  readonly asked: Asked;
  /** Whether the caller has heard any of it. */
  readonly heard: boolean;
  /** The latest that a retry may begin: beyond it the caller hears an apology instead. */
  readonly until: number;
}

/** The server's own answer. */
const unasked: Asked = { response: undefined, origin: 'user', attempt: 0 };

/** Follows every response of the conversation, and does what the plan says where one fails. */
export class Recoveries {
  readonly #core: Core;
  readonly #hangUp: HangUp;
  readonly #policy: Policy;
  /** When the server's rate limit is over, by its own word. */
  #limitedUntil = 0;
  /** Whose end was told last: its `created` may be told after it, if it was read no earlier. */
  #latest: ResponseHandle | undefined;
  /** Calls off what waits: retries, and apologies after which the call goes on. */
  readonly #waiting = new Set<() => void>();

  constructor(core: Core, plan: RecoveryPlan, hangUp: HangUp) {
    this.#core = core;
    this.#hangUp = hangUp;
    this.#policy = policyOf(plan);
  }

  /** Listens from now on. */
  begin(): void {
    const { mail, clock, leaving } = this.#core;
    mail.on('over', (over) => this.#heed(over));
    mail.on('rate_limits.updated', (event) => {
      const waits = listOf(at(event, 'rate_limits')).map(waitMs);
      this.#limitedUntil = clock.now() + Math.max(0, ...waits);
    });
    // The user's new turn gets an answer of its own, and so does whoever the server answers by itself: what was owed to
    // the last one is owed no more.
    mail.on('turn', () => this.#callOff());
    mail.on('response', (response) => {
      if (response.purpose === null && response !== this.#latest) this.#callOff();
    });
    void leaving.promise.then(() => this.#callOff());
  }

  /** From now on, whatever ends the connection other than by our word ends the call that it served. */
  endWithTheConnection(): void {
    void this.#core.closed.promise.then(({ kind }) => {
      if (kind === 'lost') this.#end('The connection was lost: the call is hung up.');
      if (kind === 'expired') this.#end('The session has expired: the call is hung up.');
    });
  }

  #heed({ lane, handle, outcome, code }: Over): void {
    const { gate, clock } = this.#core;
    const asked = askedOf(handle) ?? unasked;
    const failure = failureOf(outcome, code, asked.origin);
    this.#latest = handle;
    if (failure === null || lane !== 'default' || gate.connection !== 'open' || gate.hangup === 'pending') return;
    const heard = 'text' in outcome && outcome.text !== '';
    const failed = { failure, asked, heard, until: clock.now() + LONGEST_WAIT_MS };
    if (asked.origin === 'apology') this.#end(`The apology failed too: ${failure}.`);
    else if (asked.attempt < this.#policy[failure].retries) this.#retry(failed);
    else this.#apologise(failed);
  }

  #retry(failed: Failed): void {
    const { failure, asked } = failed;
    const { retries, backoffMs } = this.#policy[failure];
    const attempt = asked.attempt + 1;
    if (this.#core.gate.turn !== 'silent') {
      return this.#tell(`A response failed: ${failure}. The user has begun another turn: it is not asked for again.`);
    }
    this.#tell(`A response failed: ${failure}. It is asked for again, retry ${attempt} of ${retries}.`);
    this.#later(backoffMs * 2 ** asked.attempt, () => this.#again({ ...failed, asked: { ...asked, attempt } }));
  }

  #again(failed: Failed): void {
    const { failure, asked, until } = failed;
    const now = this.#core.clock.now();
    const left = failure === 'rate-limit' ? this.#limitedUntil - now : 0;
    if (left > 0 && now + left > until) this.#apologise(failed);
    else if (left > 0) this.#later(left, () => this.#again(failed));
    else this.#say(`${failure}-retry`, { ...asked, origin: 'retry' }, () => this.#apologise(failed));
  }

  #apologise({ failure, heard }: Failed): void {
    const { apology, then } = this.#policy[failure];
    const purpose = `${failure}-apology`;
    this.#tell(
      `A response failed: ${failure}. ${apology ? 'The caller hears an apology' : 'Nothing is said'}; then: ${then}.`,
    );
    if (then === 'hang-up') void this.#hangUp(apology ? { farewell: apology, onBargeIn: 'hang-up' } : {}, purpose);
    else if (apology) {
      const asked = { response: apology, origin: 'apology', attempt: 0 } as const;
      this.#say(purpose, asked, () => this.#end('The apology could not be said.'));
    } else if (!heard) this.#end('Nothing was heard, and nothing is left to say.');
  }

  /** What cannot be said though nobody else speaks would leave the caller in silence. */
  #say(purpose: string, { response, origin, attempt }: Asked, otherwise: () => void): void {
    let calledOff = false;
    const verdict = request(this.#core, purpose, { response, whenBlocked: 'hold-this-turn' }, origin, attempt);
    const stop = (): void => {
      calledOff = true;
      if (verdict.kind === 'hold') verdict.withdraw();
    };
    this.#waiting.add(stop);
    void verdict.done.then((outcome) => {
      this.#waiting.delete(stop);
      if (!calledOff && outcome.status === 'unsent' && unsaid.has(outcome.by)) otherwise();
    });
  }

  #later(ms: number, run: () => void): void {
    const stop = this.#core.clock.after(ms, () => {
      this.#waiting.delete(stop);
      run();
    });
    this.#waiting.add(stop);
  }

  #callOff(): void {
    for (const stop of this.#waiting) stop();
    this.#waiting.clear();
  }

  #end(why: string): void {
    this.#tell(why);
    void this.#hangUp({}, 'failure');
  }

  #tell(message: string): void {
    this.#core.fault(new PeerError(message));
  }
}

/** Why a retry or an apology came to nothing though nobody else spoke and the call goes on. */
const unsaid: ReadonlySet<string> = new Set(['loop', 'over-budget', 'queue-full', 'expired']);

/** How long one limit wants to be waited for: not at all while anything of it remains. */
function waitMs(limit: unknown): number {
  const remaining = at(limit, 'remaining');
  const seconds = at(limit, 'reset_seconds');
  const isSpent = typeof remaining === 'number' && remaining <= 0;
  return isSpent && typeof seconds === 'number' ? seconds * 1_000 : 0;
}
