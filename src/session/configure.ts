import type { ConfigureOptions, ConfirmedSession, SessionPlan, UnconfirmedSession } from '../../types/index.js';
import { ConfigureError, MisuseError } from '../errors.js';
import { mustBePriced, transcriberIn } from './budget.js';
import { checkKeys, checkMs, checkObject, checkSignal } from './check.js';
import { modelOf, transcriberOf } from '../machine/index.js';
import { Deferred } from './deferred.js';
import { checkPlan, functionsOf, rulesOf, settingsOf } from './plan.js';
import type { Runtime } from './runtime.js';
import { prepareSession } from './session.js';
import { handled } from './updates.js';

/** `configure()` of one connection: again after a rejection, never twice at once, never after it has resolved. */
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
    // On a sideband it is the server that says which model speaks.
    if (rules.line === 'own')
      mustBePriced(rules, { model: runtime.ask(modelOf), transcriber: transcriberIn(plan.session) });
    runtime.store = plan.budget?.store ?? null;
    runtime.call({ type: 'rules', rules });
    if (runtime.store) await firstLease(runtime, timeoutMs, signal);
    if (signal?.aborted) throw new ConfigureError({ kind: 'aborted' });
    const confirm = (): void => {
      runtime.pause();
      begin();
    };
    const { id, done } = runtime.configure({ session: settings, tools, timeoutMs }, { by: 'configure', confirm });
    const onAbort = (): void => runtime.aborted({ type: 'abandon', update: id });
    signal?.addEventListener('abort', onAbort);
    // A transport that answers inside `send()` has had accept() asked by now.
    if (signal?.aborted) onAbort();
    try {
      await done;
      closeUnlessPriced(runtime);
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

/** Waits for the first money of a shared budget, so that the first request finds it; no longer than the server may take. */
async function firstLease(runtime: Runtime, timeoutMs: number, signal: AbortSignal | undefined): Promise<void> {
  const over = new Deferred<void>();
  const end = (): void => over.settle();
  const callOff = runtime.clock.after(timeoutMs, end);
  signal?.addEventListener('abort', end);
  await Promise.race([over.promise, runtime.firstLease.promise, runtime.closed.promise]);
  signal?.removeEventListener('abort', end);
  callOff();
}

/** A model that the server has named only now may have no price: then the budget could not be kept. */
function closeUnlessPriced(runtime: Runtime): void {
  try {
    const [model, transcriber] = [runtime.ask(modelOf), runtime.ask(transcriberOf)];
    mustBePriced(runtime.rules, { model, transcriber });
  } catch (error) {
    void runtime.close();
    throw error;
  }
}
