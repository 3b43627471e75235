import type {
  ConnectBasics,
  AnyTool,
  BuiltInGuard,
  ConfigureOptions,
  ConfirmedSession,
  ConnectOptions,
  OpenOptions,
  SessionPlan,
  ToolPurpose,
  Transport,
  UnconfirmedSession,
} from '../../types/index.js';
import { type Clock, systemClock } from '../clock.js';
import { ConnectError } from '../errors.js';
import { isRecord } from '../machine/index.js';
import { check, checkKeys, checkMs, checkObject, checkSignal, isList } from './check.js';
import { configurator } from './configure.js';
import { FirstDial } from './first-dial.js';
import { defaultRules, PLAN } from './plan.js';
import { Runtime } from './runtime.js';

const DEFAULT_TIMEOUT_MS = 10_000;

/**
 * Opens a connection over a transport of your own, and waits until the server has greeted it. Resolves with a session that can
 * be configured or closed, and nothing else. Whatever fails, nothing is left open.
 *
 * @throws `ConnectError` where the connection does not come about; `MisuseError` for options that cannot be.
 * @example
 * ```ts
 * import { connect } from 'gated-realtime';
 *
 * const { transport, clock } = createSimulator();
 * const unconfirmed = await connect({ transport, clock });
 * const session = await unconfirmed.configure({ purposes: ['greeting'] });
 * ```
 */
export async function connect(options: ConnectOptions): Promise<UnconfirmedSession> {
  checkObject(options, 'connect()');
  mustHaveTransport(options);
  checkKeys(options, 'connect()', OPTIONS);
  const {
    transport,
    kind = 'own',
    clock = systemClock,
    timeoutMs = DEFAULT_TIMEOUT_MS,
    signal,
    observe = [],
  } = options;
  check(isClock(clock), 'clock is an object with now() and after().');
  check(['undefined', 'string'].includes(typeof options.model), 'model is the name of a model.');
  check(['undefined', 'function'].includes(typeof options.hangUp), 'hangUp is a function.');
  check(['undefined', 'string'].includes(typeof options.callId), 'callId is the id of a call.');
  check(isList(observe) && observe.every(isObserver), 'observe is a list of observers, such as recordTo() makes.');
  check(kind === 'own' || kind === 'sideband', "kind is 'own' or 'sideband'.");
  checkMs(timeoutMs, 'timeoutMs');
  checkSignal(signal);
  const rules = { ...defaultRules(kind, options.model ?? null), unixMsAtZero: zeroOf(clock) };
  const runtime = new Runtime(rules, clock);
  const dial = new FirstDial(runtime, transport);
  const onAbort = (): void => dial.giveUp({ kind: 'aborted' });
  if (signal?.aborted) throw new ConnectError({ kind: 'aborted' });
  runtime.watch(observe, { model: options.model ?? null, callId: options.callId ?? null });
  signal?.addEventListener('abort', onAbort);
  const stopTimer = clock.after(timeoutMs, () => dial.giveUp({ kind: 'timeout', afterMs: timeoutMs }));
  try {
    await dial.greeted();
    return unconfirmed(runtime, options);
  } catch (error) {
    dial.fail();
    throw error;
  } finally {
    stopTimer();
    signal?.removeEventListener('abort', onAbort);
  }
}

type Unconfirmed = { readonly model?: string | null | undefined } & Pick<ConnectOptions, 'hangUp'>;

const OPTIONS = ['transport', 'model', 'kind', 'callId', 'hangUp', 'clock', 'signal', 'timeoutMs', 'observe'];

/** Checked first, because the options of the wrong entry point would cause misleading errors. */
const mustHaveTransport = ({ transport }: Partial<ConnectOptions>): void =>
  check(
    typeof transport?.open === 'function',
    'connect() and openSession() of "gated-realtime" need a `transport`: on Node, import them from "gated-realtime/ws", elsewhere from "gated-realtime/websocket", which have one; in tests, use simulate() of "gated-realtime/simulator".',
  );

const isObserver = (observer: unknown): boolean => isRecord(observer) && typeof observer['watch'] === 'function';

/** The Unix time at the clock's zero, in milliseconds. */
const zeroOf = (clock: Clock): number => Math.round((clock.unixMs?.() ?? Date.now()) - clock.now());

const isClock = (clock: unknown): boolean =>
  isRecord(clock) && typeof clock['now'] === 'function' && typeof clock['after'] === 'function';

/**
 * Does `connect()` and `configure()` in one, with the same guarantee; whatever fails, nothing is left open.
 *
 * @throws `ConnectError`, `ConfigureError`, or `MisuseError` for options and plans that cannot be.
 * @example
 * ```ts
 * import { openSession } from 'gated-realtime';
 *
 * const { transport, clock } = createSimulator();
 * const session = await openSession({ transport, clock, purposes: ['greeting'] });
 * ```
 */
export async function openSession<
  const Purpose extends string = string,
  const Tools extends readonly AnyTool[] = readonly [],
  const Guard extends string = never,
>(
  options: OpenOptions<ConnectOptions, Purpose, Tools, Guard>,
): Promise<ConfirmedSession<Purpose | ToolPurpose<Tools>, BuiltInGuard | Guard>> {
  checkObject(options, 'openSession()');
  mustHaveTransport(options);
  return configureOrClose(await connect(withoutPlan(options, OPTIONS)), options);
}

/** What an entry point with a transport of its own is made of. */
interface EntryPoint<Options> {
  /** The names of its options. */
  readonly known: readonly string[];
  readonly transport: (options: Options) => Transport;
  readonly hangUp?: (options: Options) => ConnectOptions['hangUp'];
}

/** The `connect()` of an entry point that has a transport of its own. */
export async function connectBy<
  Options extends ConnectBasics & { readonly model?: string | undefined; readonly callId?: string | undefined },
>(options: Options, { known, transport, hangUp }: EntryPoint<Options>): Promise<UnconfirmedSession> {
  checkObject(options, 'connect()');
  checkKeys(options, 'connect()', known);
  const { model, callId, signal, timeoutMs, observe } = options;
  return connect({
    transport: transport(options),
    kind: callId === undefined ? 'own' : 'sideband',
    model,
    callId,
    signal,
    timeoutMs,
    observe,
    hangUp: hangUp?.(options),
  });
}

/** Configures the connection, and closes it if that fails. */
export async function configureOrClose<Purpose extends string, Tools extends readonly AnyTool[], Guard extends string>(
  session: UnconfirmedSession,
  plan: SessionPlan<Purpose, Tools, Guard> & Pick<ConfigureOptions, 'signal' | 'timeoutMs'>,
): Promise<ConfirmedSession<Purpose | ToolPurpose<Tools>, BuiltInGuard | Guard>> {
  try {
    return await session.configure(planIn(plan), { signal: plan.signal, timeoutMs: plan.timeoutMs });
  } catch (error) {
    await session.close();
    throw error;
  }
}

/** The plan's part of the options. */
const planIn = <Options extends object>(options: Options): Options =>
  Object.fromEntries(Object.entries(options).filter(([name]) => PLAN.includes(name))) as Options;
/**
 * The connection's part of the options of `openSession()`. Throws `MisuseError` for an option that belongs neither to
 * it (`known`) nor to the plan.
 */
export function withoutPlan<Options extends object>(options: Options, known: readonly string[]): Options {
  checkKeys(options, 'openSession()', [...known, ...PLAN]);
  return Object.fromEntries(Object.entries(options).filter(([name]) => !PLAN.includes(name))) as Options;
}

function unconfirmed(runtime: Runtime, { model = null, hangUp }: Unconfirmed): UnconfirmedSession {
  const configuration = configurator(runtime, hangUp);
  const close = (): Promise<void> => (configuration.taken() ? Promise.resolve() : runtime.close());
  return { model, configure: configuration.configure, close, [Symbol.asyncDispose]: close };
}
