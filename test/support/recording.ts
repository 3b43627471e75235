/**
 * The machine, recorded wherever it runs, without a hook in what is tested:
 *
 * ```ts
 * vi.mock('../../src/machine/index.js', async (original) => {
 *   const { recorded } = await import('../support/recording.js');
 *   return recorded(await original<Machine>());
 * });
 * ```
 */
import { Recorder, type Machine } from './recorder.js';

let current: Recorder | null = null;

/** The machine's module with recorded steps. */
export function recorded<Module extends Machine>(machine: Module): Module {
  current = new Recorder(machine);
  return { ...machine, createSession: current.createSession, step: current.step };
}

/** The recorder of all machines in this test file. */
export function recorder(): Recorder {
  if (!current) throw new Error('The machine is not recorded: mock its module with recorded().');
  return current;
}
