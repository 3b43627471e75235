import type { ConfigureOptions, ConfirmedSession, SessionPlan, UnconfirmedSession } from '../../types/index.js';
import { ConfigureError, MisuseError } from '../errors.js';
import { checkKeys, checkMs, checkObject, checkSignal } from './check.js';
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
    runtime.call({ type: 'rules', rules });
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
