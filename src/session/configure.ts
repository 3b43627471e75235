import type { ConfigureOptions, ConfirmedSession, SessionPlan, UnconfirmedSession } from '../../types/index.js';
import { ConfigureError, MisuseError } from '../errors.js';
import { mustBePriced, transcriberIn } from './budget.js';
import { checkKeys, checkMs, checkObject, checkSignal } from './check.js';
import { modelOf, transcriberOf } from '../machine/index.js';
import { Deferred } from './deferred.js';
import { checkPlan, functionsOf, rulesOf, settingsOf } from './plan.js';
import { meanwhileIn } from './reconnect.js';
import type { Runtime } from './runtime.js';
import { prepareSession } from './session.js';
import { handled } from './updates.js';

/**
 * Makes the `configure()` of one connection. It may be repeated after a rejection, but not while one is pending, and
 * not after it has resolved.
 */
export function configurator(
  runtime: Runtime,
  endCall: SessionPlan['hangUp'],
): { configure: UnconfirmedSession['configure']; taken: () => boolean } {
  let state: 'free' | 'asking' | 'taken' = 'free';

  async function configure(plan: SessionPlan, options: ConfigureOptions): Promise<ConfirmedSession<string>> {
    checkObject(plan, 'configure()');
    checkObject(options, 'configure()');
    const { signal } = options;
    checkKeys(options, 'configure()', ['signal', 'timeoutMs']);
    checkSignal(signal);
    checkPlan(plan);
    const { session, tools, begin } = prepareSession(runtime, plan, plan.hangUp ?? endCall);
    const settings = settingsOf(plan.session, plan.tools);
    const rules = rulesOf(plan, runtime.rules, plan.hangUp ?? endCall);
    const functions = functionsOf(plan, session);
    if (signal?.aborted) throw new ConfigureError({ kind: 'aborted' });
    const timeoutMs = options.timeoutMs ?? rules.limits.confirmMs;
    checkMs(timeoutMs, 'timeoutMs');
    runtime.answers.functions = functions;
    // On a sideband connection, the server says which model speaks.
    if (rules.line === 'own')
      mustBePriced(rules, { model: runtime.ask(modelOf), transcriber: transcriberIn(plan.session) });
    runtime.store = plan.budget?.store ?? null;
    runtime.meanwhile = meanwhileIn(plan);
    runtime.call({ type: 'rules', rules });
    if (runtime.store) await firstLease(runtime, timeoutMs, signal);
    if (signal?.aborted) throw new ConfigureError({ kind: 'aborted' });
    const confirm = (): void => {
      runtime.arrivals.pause();
      begin();
    };
    const { id, done } = runtime.configure({ session: settings, tools, timeoutMs }, { by: 'configure', confirm });
    const onAbort = (): void => runtime.aborted({ type: 'abandon', update: id });
    signal?.addEventListener('abort', onAbort);
    // By now, a transport that answers inside `send()` may have made accept() abort the signal.
    if (signal?.aborted) onAbort();
    try {
      await done;
      closeUnlessPriced(runtime);
      if (!plan.reconnect) runtime.arrivals.lines.stay();
      return session;
    } finally {
      signal?.removeEventListener('abort', onAbort);
    }
  }

  async function once(plan: SessionPlan, options: ConfigureOptions = {}): Promise<ConfirmedSession<string>> {
    if (state === 'taken') throw new MisuseError('This session is confirmed already: change it with session.update().');
    if (state === 'asking') throw new MisuseError('A configure() is under way: await it before the next.');
    state = 'asking';
    try {
      const session = await configure(plan, options);
      state = 'taken';
      return session;
    } finally {
      if (state === 'asking') state = 'free';
    }
  }
  return {
    configure: ((plan, options) => handled(once(plan, options))) as UnconfirmedSession['configure'],
    taken: () => state === 'taken',
  };
}

/** Waits for the first money from a shared budget, so that the first request finds it, for at most `timeoutMs`. */
async function firstLease(runtime: Runtime, timeoutMs: number, signal: AbortSignal | undefined): Promise<void> {
  const over = new Deferred<void>();
  const end = (): void => over.settle();
  const callOff = runtime.clock.after(timeoutMs, end);
  signal?.addEventListener('abort', end);
  await Promise.race([over.promise, runtime.firstLease.promise, runtime.closed.promise]);
  signal?.removeEventListener('abort', end);
  callOff();
}

/** Closes the session if the server has now named a model without a price, because its use could not be counted. */
function closeUnlessPriced(runtime: Runtime): void {
  try {
    const [model, transcriber] = [runtime.ask(modelOf), runtime.ask(transcriberOf)];
    mustBePriced(runtime.rules, { model, transcriber });
  } catch (error) {
    void runtime.close();
    throw error;
  }
}
