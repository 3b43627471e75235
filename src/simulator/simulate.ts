import type {
  AnyTool,
  BuiltInGuard,
  ConfirmedSession,
  ConnectBasics,
  SessionPlan,
  ToolPurpose,
} from '../../types/index.js';
import { openSession } from '../session/connect.js';
import { createSimulator, type Simulator, type SimulatorOptions } from './simulator.js';

/** A session over a simulated server. */
export interface Simulated<Session> {
  readonly session: Session;
  readonly server: Simulator;
}

/**
 * The official test double: the real gate facing a simulated server, in memory, on a virtual clock. The clock runs
 * whenever the program waits, so `await` is all a test needs. Takes a plan, and what watches the session (`observe`).
 *
 * Real work of tools (a `fetch`, a file, a database, a timer) takes next to no virtual time; `clock.waitFor()` tells
 * of what Node does not list. Where the test runner has replaced the timers (`vi.useFakeTimers()`, `mock.timers` of
 * `node:test`) it runs all the same; a timer of a tool's is then the test's to move, and a tool whose timer nobody
 * moves reaches its deadline.
 *
 * @throws `ConnectError`, `ConfigureError` or `MisuseError`, as `openSession()` does.
 * @example
 * ```ts
 * const { session, server } = await simulate({ purposes: ['greeting'] });
 * server.caller.speaks('Hello?');
 * await session.once('input_audio_buffer.speech_started');
 * const verdict = session.respond('greeting');
 * await session.close();
 * ```
 */
export async function simulate<
  const Purpose extends string = string,
  const Tools extends readonly AnyTool[] = readonly [],
  const Guard extends string = never,
>(
  plan: SessionPlan<Purpose, Tools, Guard> & Pick<ConnectBasics, 'observe'>,
  options: SimulatorOptions = {},
): Promise<Simulated<ConfirmedSession<Purpose | ToolPurpose<Tools>, BuiltInGuard | Guard>>> {
  const server = createSimulator(options);
  const { transport, clock } = server;
  const kind = options.greeting?.callId === undefined ? 'own' : 'sideband';
  const session = await openSession<Purpose, Tools, Guard>({ ...plan, transport, clock, kind });
  void session.closed.then(() => server.stop());
  return { session, server };
}
