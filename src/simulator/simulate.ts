import type { AnyTool, BuiltInGuard, ConfirmedSession, SessionPlan, ToolPurpose } from '../../types/index.js';
import { openSession } from '../session/connect.js';
import { createSimulator, type Simulator, type SimulatorOptions } from './simulator.js';

/** A session over a simulated server. */
export interface Simulated<Session> {
  readonly session: Session;
  readonly server: Simulator;
}

/**
 * The official test double: the real gate facing a simulated server, in memory, on a virtual clock. The clock runs
 * whenever the program waits, so `await` is all a test needs.
 *
 * @throws `ConnectError`, `ConfigureError` or `MisuseError`, as `openSession()` does.
 * @example
 * ```ts
 * const { session, server } = await simulate({ purposes: ['greeting'] });
 * server.says('Good morning.');
 * const outcome = await session.respond('greeting').done; // completed: Good morning.
 * ```
 */
export async function simulate<
  const Purpose extends string = string,
  const Tools extends readonly AnyTool[] = readonly [],
  const Guard extends string = never,
>(
  plan: SessionPlan<Purpose, Tools, Guard>,
  options: SimulatorOptions = {},
): Promise<Simulated<ConfirmedSession<Purpose | ToolPurpose<Tools>, BuiltInGuard | Guard>>> {
  const server = createSimulator(options);
  const { transport, clock } = server;
  const kind = options.greeting?.callId === undefined ? 'own' : 'sideband';
  const session = await openSession<Purpose, Tools, Guard>({ ...plan, transport, clock, kind });
  void session.closed.then(() => server.stop());
  return { session, server };
}
