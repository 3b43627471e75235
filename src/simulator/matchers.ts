/** The part of a verdict that the matchers read. */
interface Judged {
  readonly kind: string;
  readonly by?: string | readonly string[];
  readonly message?: string;
}

/** Expectations of a verdict. `Result` is the return type of the test runner's own matchers. */
export interface VerdictMatchers<Result = void> {
  /** Expects an admitted request. */
  toAdmit(): Result;
  /** Expects a held request with each of these guards shut, and possibly others. Without names: any hold. */
  toHold(...by: readonly string[]): Result;
  /** Expects a refusal by this guard or lapse. Without a name: any refusal. */
  toRefuse(by?: string): Result;
  /** Expects that another response answers the request, once its hold has settled. */
  toMerge(): Result;
}

/** The result of a matcher, as the `expect` of vitest and of Jest take it. */
interface Finding {
  readonly pass: boolean;
  readonly message: () => string;
}

const matcher =
  (kind: string, words: string) =>
  (received: unknown, ...by: readonly (string | undefined)[]): Finding => {
    const guards = by.filter((guard) => guard !== undefined);
    const verdict = isJudged(received) ? received : null;
    const shut = [verdict?.by ?? []].flat();
    const wanted = `${words}${guards.length > 0 ? ` by ${guards.join(' and ')}` : ''}`;
    const pass = verdict?.kind === kind && guards.every((guard) => shut.includes(guard));
    return {
      pass,
      // After a pass, only `.not` asks for the message.
      message: () =>
        verdict === null
          ? `Expected a verdict, and this is none: ${nameOf(received)}. Give what respond() returned, or the awaited \`settled\` of a hold.`
          : `Expected the request ${pass ? 'not ' : ''}to be ${wanted}; ${saying(verdict)}`,
    };
  };

const WORDS = { admit: 'admitted', hold: 'held', refuse: 'refused', merge: 'merged' } as const;

/**
 * Matchers of verdicts for the `expect` of vitest and of Jest. Where one fails, it says which guard decided and what that
 * means; a comparison of objects shows two words of it.
 *
 * @example
 * ```ts
 * import { expect } from 'vitest';
 * import { verdictMatchers, type VerdictMatchers } from 'gated-realtime/simulator';
 *
 * declare module 'vitest' {
 *   interface Matchers<T = any> extends VerdictMatchers<T> {}
 * }
 * expect.extend(verdictMatchers);
 *
 * expect(session.respond('greeting')).toHold('user-speaking');
 * ```
 */
export const verdictMatchers = {
  toAdmit: matcher('admit', WORDS.admit),
  toHold: matcher('hold', WORDS.hold),
  toRefuse: matcher('refuse', WORDS.refuse),
  toMerge: matcher('merge', WORDS.merge),
};

/**
 * The same for `node:test`, and for any other runner: throws where a verdict is not what is expected.
 *
 * @throws An `AssertionError` by its name, whose message says what the verdict was and why.
 * @example
 * ```ts
 * import { expectVerdict } from 'gated-realtime/simulator';
 *
 * expectVerdict(session.respond('greeting')).toHold('user-speaking');
 * ```
 */
export const expectVerdict = (verdict: unknown): VerdictMatchers => ({
  toAdmit: () => must(verdictMatchers.toAdmit(verdict)),
  toHold: (...by) => must(verdictMatchers.toHold(verdict, ...by)),
  toRefuse: (by) => must(verdictMatchers.toRefuse(verdict, by)),
  toMerge: () => must(verdictMatchers.toMerge(verdict)),
});

function must({ pass, message }: Finding): void {
  if (pass) return;
  throw Object.assign(new Error(message()), { name: 'AssertionError', code: 'ERR_ASSERTION' });
}

const isJudged = (received: unknown): received is Judged =>
  typeof received === 'object' && received !== null && 'kind' in received && String(received.kind) in WORDS;

function saying({ kind, by, message }: Judged): string {
  const guards = [by ?? []].flat().join(', ');
  return `it was ${WORDS[kind as keyof typeof WORDS]}${guards && ` by ${guards}`}${message ? `: ${message}` : '.'}`;
}

const nameOf = (received: unknown): string =>
  received instanceof Promise ? 'a promise' : Object.prototype.toString.call(received).slice(8, -1).toLowerCase();
