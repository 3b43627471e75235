import type { AnySession, HangUpReason, ReconnectPlan, SessionPlan } from '../../types/index.js';
import type { World } from './commands.js';
import { askHistory } from './history.js';
import type { Runtime } from './runtime.js';
import type { ToolRunner } from './tool-runner.js';

/** What the plan has the machine's commands do. */
export class PlannedWorld implements World {
  readonly #runtime: Runtime;
  readonly #runner: ToolRunner;
  readonly #session: AnySession;
  readonly #planned: Planned;

  constructor(runtime: Runtime, runner: ToolRunner, session: AnySession, planned: Planned) {
    this.#runtime = runtime;
    this.#runner = runner;
    this.#session = session;
    this.#planned = planned;
  }

  runTool(command: Parameters<World['runTool']>[0]): void {
    this.#runner.run(command, this.#session);
  }

  abortTool(command: Parameters<World['abortTool']>[0]): void {
    this.#runner.abort(command);
  }

  async endCall(why: HangUpReason): Promise<void> {
    await this.#planned.endCall?.(why);
  }

  askHistory(command: Parameters<World['askHistory']>[0]): void {
    void askHistory(this.#runtime, this.#planned.history, command);
  }
}

interface Planned {
  readonly endCall: SessionPlan['hangUp'];
  readonly history: ReconnectPlan['history'];
}
