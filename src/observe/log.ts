import { inDollars } from '../money/dollars.js';
import type { Decision, Ending, Ledger, Logger, LogOptions, Observer, SessionAbout, Watch } from '../../types/index.js';
import { check, checkKeys, checkObject } from '../session/check.js';

const RAPID_MS = 500;

/**
 * Logs every decision of a session, every fault, and its end with what it used, by a logger of pino's shape. Nothing that
 * was said is logged, and no key; only the messages of faults are free text, and may hold what your own functions threw.
 *
 * - `info`: a decision as it should be, and the end. `warn`: a request that was refused or came to nothing, a response that
 *   failed, was incomplete or lost, a request that follows another within `rapidMs`. `error`: a fault, under `err`.
 * - Decisions are under `decision`; `ending` and `ledger` are logged at the end.
 *
 * @throws `MisuseError` for what is no such logger, and for options that nobody knows.
 *
 * @example
 * ```ts
 * const unconfirmed = await connect({ model: 'gpt-realtime-2.1', observe: [logTo(pino())] });
 * ```
 */
export function logTo(logger: Logger, options: LogOptions = {}): Observer {
  const isLogger = (['info', 'warn', 'error'] as const).every((level) => typeof logger?.[level] === 'function');
  check(isLogger, 'logTo() takes a logger with info(), warn() and error(), such as pino().');
  checkObject(options, 'logTo()');
  checkKeys(options, 'logTo()', ['rapidMs']);
  const { rapidMs = RAPID_MS } = options;
  check(typeof rapidMs === 'number' && rapidMs >= 0, 'rapidMs is a number of milliseconds, 0 or more.');
  return { watch: (about) => watching(logger, rapidMs, about) };
}

const watching = (logger: Logger, rapidMs: number, { callId, model }: SessionAbout): Watch => ({
  decided(decision) {
    const rapid = isRapid(decision, rapidMs);
    const level = rapid || isTrouble(decision) ? 'warn' : 'info';
    logger[level](rapid ? { decision, rapid } : { decision }, inWords(decision, rapid));
  },
  fault(err, sessionId) {
    logger.error({ err, sessionId, callId }, err.message);
    return 'told';
  },
  ended(ending, ledger, sessionId) {
    logger.info({ sessionId, callId, model, ending, ledger: sumsOf(ledger) }, endInWords(ending, ledger));
  },
});

/**
 * Whether a request followed another too quickly. The session's own requests belong to what they follow up, and do not
 * count.
 */
const isRapid = ({ origin, sinceLastMs }: Decision, rapidMs: number): boolean =>
  (origin === 'user' || origin === 'remark') && sinceLastMs !== null && sinceLastMs < rapidMs;

/** Reasons that need no warning: the user of the session asked for it, or the call ended. */
const expected: ReadonlySet<string | null> = new Set(['withdrawn', 'hangup-pending', 'closing', 'closed']);

function isTrouble({ outcome, why }: Decision): boolean {
  if (outcome === 'unsent') return !expected.has(why);
  return outcome === 'failed' || outcome === 'incomplete' || outcome === 'lost';
}

const verdicts: { readonly [Verdict in Decision['verdict']]: string } = {
  admit: 'admitted',
  merge: 'merged',
  refuse: 'refused',
};

/** The message for people; everything in it is also in the fields. */
function inWords(decision: Decision, rapid: boolean): string {
  const { purpose, verdict, by, heldBy, heldMs, outcome, why, heard, sinceLastMs } = decision;
  const verdictWords = by === null ? verdicts[verdict] : `${verdicts[verdict]} by ${by}`;
  const waited = heldMs > 0 || heldBy.length > 0;
  const end = why === null ? outcome : `${outcome} (${why})`;
  return [
    `${purpose}: ${verdictWords}`,
    ...(waited ? [`after ${Math.round(heldMs)} ms${heldBy.length > 0 ? ` of ${heldBy.join(', ')}` : ''}`] : []),
    ...(verdict === 'refuse' ? [] : [end]),
    ...(outcome === 'completed' || heard === 'cut' ? [`heard: ${heard}`] : []),
    ...(rapid ? [`${Math.round(sinceLastMs ?? 0)} ms after the request before it`] : []),
  ].join(', ');
}

/** Leaves out the list of responses, because each of them has its decision. */
function sumsOf(ledger: Ledger): Omit<Ledger, 'responses'> {
  const { responses: _, ...sums } = ledger;
  return sums;
}

function endInWords({ kind }: Ending, { total, creates, lost }: Ledger): string {
  const unpriced = total.unpriced > 0 ? ` and ${total.unpriced} without a known price` : '';
  const estimate = lost.count > 0 ? ` and an estimated ${inDollars(lost.nanoUsd)} for ${lost.count} lost` : '';
  return `session ended: ${kind}; ${creates} responses asked for, ${inDollars(total.nanoUsd)}${unpriced}${estimate}`;
}
