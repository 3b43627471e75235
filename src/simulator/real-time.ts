import * as nodeTimers from 'node:timers';

/** Where a bundler has left Node's own timers out, nothing is here. */
const builtin: Partial<typeof nodeTimers> = nodeTimers;

/** Taken when this file is loaded: a test runner that replaces the global timers later stops the program's, not these. */
const { setTimeout = globalThis.setTimeout, setImmediate } = builtin;

/** Runs after the platform has looked at its timers and its I/O once. */
export const nextTurn: (run: () => void) => void = setImmediate ?? byMessage;

/** Browsers have no `setImmediate`. */
function byMessage(run: () => void): void {
  const { port1, port2 } = new MessageChannel();
  port1.addEventListener('message', () => {
    port1.close();
    run();
  });
  port1.start();
  port2.postMessage(null);
}

let polls = 0;

/** Runs after so many milliseconds of the wall clock. Timers of this kind are not among `activeResources()`. */
export function afterRealMs(ms: number, run: () => void): void {
  polls += 1;
  setTimeout(() => {
    polls -= 1;
    // Node counts a timer as active until its callback has returned, so nobody may look before that.
    nextTurn(run);
  }, ms);
}

/**
 * How many timers, requests and connections keep the process alive, by kind. Empty where the platform does not tell.
 * Node lists timers, files, sockets, DNS and child processes; not zlib, crypto, native add-ons or the tasks of a worker.
 */
export function activeResources(): ReadonlyMap<string, number> {
  const list = listed();
  if (list.length === 0) return nothing;
  const counts = new Map<string, number>();
  for (const kind of list) if (kind !== 'Immediate') counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const timers = counts.get('Timeout');
  if (timers !== undefined) counts.set('Timeout', timers - polls);
  return counts;
}

const nothing: ReadonlyMap<string, number> = new Map();

type Listing = Partial<Pick<NodeJS.Process, 'getActiveResourcesInfo'>>;

function listed(): readonly string[] {
  const { process } = globalThis as { readonly process?: Listing };
  return process?.getActiveResourcesInfo?.() ?? [];
}
