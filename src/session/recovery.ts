import type {
  Failure,
  HangUpOptions,
  Recovery,
  RecoveryPlan,
  ResponseHandle,
  ResponseOutcome,
} from '../../types/index.js';
import { PeerError } from '../errors.js';
import { at, listOf, textOf } from '../gate/index.js';
import type { Core } from './core.js';
import { request } from './respond.js';

type HangUp = (options: HangUpOptions, purpose: string) => Promise<unknown>;
type Policy = { readonly [Each in Failure]: Recovery };

/** The longest that a retry waits: beyond it the caller hears an apology instead. Milliseconds. */
const LONGEST_WAIT_MS = 10_000;

const defaults: Policy = {
  'server-error': {
    retries: 1,
    backoffMs: 500,
    apology: { instructions: 'Apologise in one short sentence for a technical problem, and say goodbye.' },
    then: 'hang-up',
  },
  'rate-limit': {
    retries: 2,
    backoffMs: 1_000,
    apology: { instructions: 'Apologise in one short sentence that all lines are busy, and say goodbye.' },
    then: 'hang-up',
  },
  'max-output-tokens': { retries: 0, backoffMs: 0, apology: null, then: 'go-on' },
  'content-filter': {
    retries: 0,
    backoffMs: 0,
    apology: {
      instructions: 'Say in one short sentence that you cannot help with that, and ask what else you can do.',
    },
    then: 'go-on',
  },
  quota: { retries: 0, backoffMs: 0, apology: null, then: 'hang-up' },
};

/** Failures by the server's code or reason; whatever else fails is a `server-error`. */
const failures: Readonly<Record<string, Failure>> = {
  rate_limit_exceeded: 'rate-limit',
  inference_rate_limit_exceeded: 'rate-limit',
  insufficient_quota: 'quota',
  billing_hard_limit_reached: 'quota',
  credit_balance_exhausted: 'quota',
  account_deactivated: 'quota',
  max_output_tokens: 'max-output-tokens',
  content_filter: 'content-filter',
};

/** Follows every response of the conversation, and does what the plan says where one fails. */
export class Recoveries {
  readonly #core: Core;
  readonly #hangUp: HangUp;
  readonly #policy: Policy;
  /** When the server's rate limit is over, by its own word. */
  #limitedUntil = 0;
  /** Calls off the retry that waits. */
  #callOff: () => void = () => undefined;

  constructor(core: Core, plan: RecoveryPlan, hangUp: HangUp) {
    this.#core = core;
    this.#hangUp = hangUp;
    this.#policy = Object.fromEntries(
      Object.entries(defaults).map(([name, row]) => [name, { ...row, ...plan[name as Failure] }]),
    ) as Policy;
  }

  /** Listens from now on. */
  begin(): void {
    const { mail, clock, gate } = this.#core;
    mail.on('response.created', (event, handle) => {
      const lane = gate.responses.get(textOf(at(event, 'response', 'id')) ?? '')?.lane;
      if (handle && lane === 'default') void handle.done.then((outcome) => this.#heed(handle, outcome));
    });
    mail.on('rate_limits.updated', (event) => {
      const waits = listOf(at(event, 'rate_limits')).map(waitMs);
      this.#limitedUntil = clock.now() + Math.max(0, ...waits);
    });
    // The user's new turn gets an answer of its own: what was owed to the last one is owed no more.
    mail.on('input_audio_buffer.speech_started', () => this.#callOff());
  }

  #heed(handle: ResponseHandle, outcome: ResponseOutcome): void {
    const { gate } = this.#core;
    const failure = failureOf(outcome);
    if (failure === null || gate.connection !== 'open' || gate.hangup === 'pending') return;
    const { origin = 'user', attempt = 0 } = this.#core.asks.get(handle) ?? {};
    const policy = this.#policy[failure];
    if (origin === 'apology') this.#end(`The apology failed too (${sayOutcome(outcome)}).`);
    else if (attempt < policy.retries) this.#retry(failure, handle, attempt, policy);
    else this.#apologise(failure, outcome, policy);
  }

  #retry(failure: Failure, handle: ResponseHandle, attempt: number, policy: Recovery): void {
    const { clock } = this.#core;
    const again = (): void => {
      const left = this.#limitedUntil - clock.now();
      if (failure === 'rate-limit' && left > LONGEST_WAIT_MS) return this.#apologise(failure, null, policy);
      if (failure === 'rate-limit' && left > 0) return this.#later(left, again);
      const response = this.#core.asks.get(handle)?.response;
      this.#say(`${failure}-retry`, response, 'retry', attempt + 1, () => this.#apologise(failure, null, policy));
    };
    this.#tell(`A response failed: ${failure}. It is asked for again, retry ${attempt + 1} of ${policy.retries}.`);
    this.#later(policy.backoffMs * 2 ** attempt, again);
  }

  #later(ms: number, run: () => void): void {
    this.#callOff();
    this.#callOff = this.#core.clock.after(ms, run);
  }

  #apologise(failure: Failure, outcome: ResponseOutcome | null, { apology, then }: Recovery): void {
    const heard = outcome !== null && 'text' in outcome && outcome.text !== '';
    const purpose = `${failure}-apology`;
    this.#tell(
      `A response failed: ${failure}. ${apology ? 'The caller hears an apology' : 'Nothing is said'}; then: ${then}.`,
    );
    if (then === 'hang-up') void this.#hangUp(apology ? { farewell: apology, onBargeIn: 'hang-up' } : {}, purpose);
    else if (apology) this.#say(purpose, apology, 'apology', 0, () => this.#end('The apology could not be said.'));
    else if (!heard) this.#end('Nothing was heard, and nothing is left to say.');
  }

  /** What cannot be sent though nobody is in its way would leave the caller in silence. */
  #say(
    purpose: string,
    response: Recovery['apology'] | undefined,
    origin: 'retry' | 'apology',
    attempt: number,
    otherwise: () => void,
  ): void {
    const options = { response: response ?? undefined, whenBlocked: 'hold-this-turn' } as const;
    void request(this.#core, purpose, options, origin, attempt).done.then((outcome) => {
      const stuck = outcome.status === 'unsent' && (outcome.by === 'rejected' || outcome.by === 'unanswered');
      if (stuck || (outcome.status === 'unsent' && outcome.by === 'loop')) otherwise();
    });
  }

  #end(why: string): void {
    this.#tell(why);
    void this.#hangUp({}, 'failure');
  }

  #tell(message: string): void {
    this.#core.fault(new PeerError(message));
  }
}

/** How long one limit wants to be waited for: not at all while anything of it remains. */
function waitMs(limit: unknown): number {
  const remaining = at(limit, 'remaining');
  const seconds = at(limit, 'reset_seconds');
  const isSpent = typeof remaining === 'number' && remaining <= 0;
  return isSpent && typeof seconds === 'number' ? seconds * 1_000 : 0;
}

function failureOf(outcome: ResponseOutcome): Failure | null {
  if (outcome.status === 'failed') return failures[outcome.error.code ?? outcome.error.type ?? ''] ?? 'server-error';
  if (outcome.status === 'incomplete') return failures[outcome.reason] ?? 'server-error';
  return outcome.status === 'lost' ? 'server-error' : null;
}

const sayOutcome = (outcome: ResponseOutcome): string =>
  outcome.status === 'failed' ? (outcome.error.code ?? 'failed') : outcome.status;
