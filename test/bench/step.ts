import { createSession, step, type Asking, type Input } from '../../src/machine/index.js';
import { defaultRules } from '../../src/session/plan.js';
import { decode } from '../../src/wire/index.js';
import { answer, audioDelta } from './frames.js';
import { markdown, median } from './measure.js';

/** One step of the machine on an audio delta, playback included. */
export interface StepCost {
  readonly ns: number;
  /** Bytes of heap that one step takes. */
  readonly bytes: number;
}

const STEPS = 100_000;
const ROUNDS = 41;
const TARGET_NS = 150;

export function gateStep(): StepCost {
  const session = createSession(defaultRules('own', null));
  step(session, frame(answer[0]!), nobody);
  const delta = frame(audioDelta(2_000));
  const times: number[] = [];
  const growths: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    globalThis.gc?.();
    const heap = process.memoryUsage().heapUsed;
    const start = process.cpuUsage();
    for (let count = 0; count < STEPS; count++) step(session, delta, nobody);
    const { user, system } = process.cpuUsage(start);
    growths.push((process.memoryUsage().heapUsed - heap) / STEPS);
    times.push(((user + system) * 1_000) / STEPS);
  }
  return { ns: median(times), bytes: Math.max(0, median(growths)) };
}

/** There is no guard of the user's own to be asked. */
const nobody: Asking = () => ({ yes: false });

function frame(bytes: Buffer): Input {
  const decoded = decode(bytes);
  if (decoded.kind === 'unreadable') throw new Error('The benchmark’s own frames can be read.');
  const audioBytes = decoded.kind === 'audio' ? decoded.bytes.length : 0;
  return { type: 'frame', event: decoded.event, audioBytes, now: 1 };
}

export function stepTable({ ns, bytes }: StepCost): string {
  // What one measurement itself leaves on the heap, spread over its steps, is less than a byte.
  const isReached = ns < TARGET_NS && bytes < 1;
  return markdown([
    ['what', 'time', 'allocation', 'target', ''],
    [
      'one step on an audio delta, playback included',
      `${ns.toFixed(0)} ns`,
      `${bytes.toFixed(1)} B`,
      `under ${TARGET_NS} ns, none`,
      isReached ? 'reached' : 'missed',
    ],
  ]);
}
