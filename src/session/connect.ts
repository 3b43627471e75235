import type {
  AnyTool,
  BuiltInGuard,
  ConfigureOptions,
  ConfirmedSession,
  ConnectFailure,
  ConnectOptions,
  Ears,
  Line,
  OpenOptions,
  SessionPlan,
  ToolPurpose,
  Transport,
  UnconfirmedSession,
} from '../../types/index.js';
import { systemClock } from '../clock.js';
import { ConnectError } from '../errors.js';
import { createGate } from '../gate/index.js';
import { check, checkMs, checkObject } from './check.js';
import { configurator } from './configure.js';
import { Core } from './core.js';
import { Greeting } from './greeting.js';
import { defaultRules } from './plan.js';
import { unheeded } from './updates.js';

const DEFAULT_TIMEOUT_MS = 10_000;

/**
 * Opens a connection and waits until the server has greeted it. Rejects with `ConnectError`; whatever fails, nothing is
 * left open. What it gives can be configured or closed, and nothing else.
 */
export async function connect(options: ConnectOptions): Promise<UnconfirmedSession> {
  checkObject(options, 'connect()');
  const { transport, kind = 'own', clock = systemClock, timeoutMs = DEFAULT_TIMEOUT_MS, signal } = options;
  check(typeof transport?.open === 'function', 'connect() needs a transport.');
  checkMs(timeoutMs, 'timeoutMs');
  const core = new Core(createGate(defaultRules(kind)), clock, options.hangUp);
  const greeting = new Greeting(core, kind);
  const abort = new AbortController();
  const giveUp = (failure: ConnectFailure): void => {
    greeting.refuse(failure);
    abort.abort();
  };
  const onAbort = (): void => giveUp({ kind: 'aborted' });
  if (signal?.aborted) throw new ConnectError({ kind: 'aborted' });
  signal?.addEventListener('abort', onAbort);
  const stopTimer = clock.after(timeoutMs, () => giveUp({ kind: 'timeout', afterMs: timeoutMs }));
  const opening = unheeded(open(transport, greeting, abort.signal));
  try {
    core.attach(await firstOf(opening, greeting.done));
    await greeting.done;
    return unconfirmed(core, options.model ?? null);
  } catch (error) {
    abort.abort();
    void unheeded(opening.then((line) => line.close(1000, 'OK')));
    throw error;
  } finally {
    stopTimer();
    signal?.removeEventListener('abort', onAbort);
  }
}

/** A transport that throws has rejected. */
const open = async (transport: Transport, ears: Ears, signal: AbortSignal): Promise<Line> =>
  transport.open(ears, signal);

/** The line, or what refused it first: also where a transport does not heed its signal. */
const firstOf = (opening: Promise<Line>, greeted: Promise<void>): Promise<Line> =>
  Promise.race([opening, greeted.then(() => opening)]);

/** `connect()` and `configure()` in one, with the same guarantee; whatever fails, nothing is left open. */
export async function openSession<
  const Purpose extends string = string,
  const Tools extends readonly AnyTool[] = readonly [],
  const Guard extends string = never,
>(
  options: OpenOptions<ConnectOptions, Purpose, Tools, Guard>,
): Promise<ConfirmedSession<Purpose | ToolPurpose<Tools>, BuiltInGuard | Guard>> {
  return configureOrClose(await connect(options), options);
}

/** The second half of `openSession()`, whatever the first was. */
export async function configureOrClose<Purpose extends string, Tools extends readonly AnyTool[], Guard extends string>(
  session: UnconfirmedSession,
  plan: SessionPlan<Purpose, Tools, Guard> & Pick<ConfigureOptions, 'signal' | 'timeoutMs'>,
): Promise<ConfirmedSession<Purpose | ToolPurpose<Tools>, BuiltInGuard | Guard>> {
  try {
    return await session.configure(plan, { signal: plan.signal, timeoutMs: plan.timeoutMs });
  } catch (error) {
    await session.close();
    throw error;
  }
}

function unconfirmed(core: Core, model: string | null): UnconfirmedSession {
  const configuration = configurator(core);
  const close = (): Promise<void> => (configuration.taken() ? Promise.resolve() : core.end({ kind: 'closed' }));
  return { model, configure: configuration.configure, close, [Symbol.asyncDispose]: close };
}
