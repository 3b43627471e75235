/** Where a process spends its time, by the parts of the program. */
import { readFileSync } from 'node:fs';
import type { Runtime } from 'node:inspector';
import { Session } from 'node:inspector/promises';

const session = new Session();

export async function beginProfile(): Promise<void> {
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: 250 });
  await session.post('Profiler.start');
}

/** Microseconds by part, without those in which the process was idle. */
export type Shares = Readonly<Record<string, number>>;

export async function endProfile(): Promise<Shares> {
  const { profile } = await session.post('Profiler.stop');
  const frames = new Map(profile.nodes.map(({ id, callFrame }) => [id, callFrame]));
  const parts = partsOf(process.argv[1]!);
  const shares: Record<string, number> = {};
  for (const [at, id] of (profile.samples ?? []).entries()) {
    const part = partOf(frames.get(id)!, parts);
    if (part !== null) shares[part] = (shares[part] ?? 0) + (profile.timeDeltas?.[at] ?? 0);
  }
  return shares;
}

function partOf({ functionName, url, lineNumber }: Runtime.CallFrame, parts: readonly Part[]): string | null {
  if (functionName === '(idle)') return null;
  if (functionName === '(garbage collector)') return 'garbage collection';
  if (url.endsWith('/bench.mjs')) return parts.findLast(({ line }) => line <= lineNumber)?.name ?? 'the program';
  if (url.includes('/node_modules/')) return /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ?? url;
  return 'Node: sockets, streams, timers';
}

interface Part {
  /** Where it begins in the bundle. */
  readonly line: number;
  readonly name: string;
}

/** The bundler writes the path of each module above it. */
function partsOf(bundle: string): readonly Part[] {
  return readFileSync(bundle, 'utf8')
    .split('\n')
    .flatMap((text, line) => {
      const path = /^\/\/ (?:(src\/\w+)|test)\//.exec(text);
      return path ? [{ line, name: path[1] ?? 'the program' }] : [];
    });
}
