import * as nodeTimers from 'node:timers';

/** Empty where a bundler has left out Node's own timers. */
const builtin: Partial<typeof nodeTimers> = nodeTimers;

/** Read when this file is loaded, so that a test runner which later fakes the global timers does not fake these. */
const { setTimeout = globalThis.setTimeout, setImmediate } = builtin;

/** Runs a function after the platform has checked its timers and its I/O once. */
export const nextTurn: (run: () => void) => void = setImmediate ?? byMessage;

/** A replacement for browsers, which have no `setImmediate`. */
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

/** Runs a function after `ms` of real time. Its timers are not counted by `activeResources()`. */
export function afterRealMs(ms: number, run: () => void): void {
  polls += 1;
  setTimeout(() => {
    polls -= 1;
    // Node counts a timer as active until its callback has returned, so the function runs after that.
    nextTurn(run);
  }, ms);
}

/**
 * How many timers, requests and connections keep the process alive, by kind. Empty where the platform does not say.
 * Node lists timers, files, sockets, DNS and child processes; not zlib, crypto, native add-ons or workers.
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
