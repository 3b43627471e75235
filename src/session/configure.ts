import type { ConfigureOptions, ConfirmedSession, SessionPlan, UnconfirmedSession } from '../../types/index.js';
import { ConfigureError, MisuseError } from '../errors.js';
import { checkMs, checkObject } from './check.js';
import type { Core } from './core.js';
import { rulesOf, settingsOf } from './plan.js';
import { prepareSession } from './session.js';
import { unheeded } from './updates.js';

/** `configure()` of one connection: again after a rejection, never twice at once, never after it has resolved. */
export function configurator(core: Core): { configure: UnconfirmedSession['configure']; taken: () => boolean } {
  let state: 'free' | 'asking' | 'taken' = 'free';

  async function configure(plan: SessionPlan, options: ConfigureOptions): Promise<ConfirmedSession<string>> {
    checkObject(plan, 'configure()');
    checkObject(options, 'configure()');
    const { signal } = options;
    const { session, begin } = prepareSession(core, plan);
    const settings = settingsOf(plan.session, plan.tools);
    const rules = rulesOf(plan, core.gate.rules, session, (ask) => core.driver.asking(ask));
    if (signal?.aborted) throw new ConfigureError({ kind: 'aborted' });
    const timeoutMs = options.timeoutMs ?? rules.limits.confirmMs;
    checkMs(timeoutMs, 'timeoutMs');
    core.gate.rules = rules;
    const { id, done } = core.configure(settings, timeoutMs, () => {
      core.pause();
      begin();
    });
    const onAbort = (): void => core.call({ type: 'abandon', update: id });
    signal?.addEventListener('abort', onAbort);
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
    configure: ((plan, options) => unheeded(once(plan, options))) as UnconfirmedSession['configure'],
    taken: () => state === 'taken',
  };
}
