/** The laws as properties: run until enough steps have happened, from a seed that is printed. */
import fc from 'fast-check';
import type { Outcome } from './play.js';
import { printPlay, type CallPlay, type Play } from './script.js';
import { callPlays, lastingCallPlays, lastingPlays, plays, rotatingCallPlays, rotatingPlays } from './scripts.js';

export interface Tally {
  readonly steps: number;
  readonly plays: number;
  readonly firstSeed: number;
  readonly lastSeed: number;
  /** The shrunk counterexample, as a script that can be replayed; null: none. */
  readonly broken: string | null;
}

/** When to stop: after this many steps, or at the end of the first batch after this many milliseconds. */
export interface Until {
  readonly seed: number;
  readonly steps: number;
  readonly ms?: number;
}

const BATCH = 50;

/** Tests the machine alone with the simulated server. */
export const machineHolds = (until: Until, play: (script: Play) => Outcome): Promise<Tally> =>
  repeat(until, (count) => fc.property(plays(100), (script) => count(play(script), script)));

/** The same, whose lines are lost and replaced. */
export const lastingMachineHolds = (until: Until, play: (script: Play) => Outcome): Promise<Tally> =>
  repeat(until, (count) => fc.property(lastingPlays(100), (script) => count(play(script), script)));

/** The same, whose lines are replaced before they end. */
export const rotatingMachineHolds = (until: Until, play: (script: Play) => Outcome): Promise<Tally> =>
  repeat(until, (count) => fc.property(rotatingPlays(100), (script) => count(play(script), script)));

/** Tests a whole session with the simulated server. */
export const sessionHolds = (until: Until, play: (script: CallPlay) => Promise<Outcome>): Promise<Tally> =>
  repeat(until, (count) => fc.asyncProperty(callPlays(80), async (script) => count(await play(script), script)));

/** The same, whose lines are lost and replaced. */
export const lastingSessionHolds = (until: Until, play: (script: CallPlay) => Promise<Outcome>): Promise<Tally> =>
  repeat(until, (count) => fc.asyncProperty(lastingCallPlays(80), async (script) => count(await play(script), script)));

/** The same, whose lines are replaced before they end. */
export const rotatingSessionHolds = (until: Until, play: (script: CallPlay) => Promise<Outcome>): Promise<Tally> =>
  repeat(until, (count) =>
    fc.asyncProperty(rotatingCallPlays(80), async (script) => count(await play(script), script)),
  );

type Count = (outcome: Outcome, script: Play | CallPlay) => void;

async function repeat(until: Until, property: (count: Count) => fc.IRawProperty<unknown>): Promise<Tally> {
  const deadline = performance.now() + (until.ms ?? Infinity);
  let steps = 0;
  let played = 0;
  const count: Count = (outcome, script) => {
    steps += outcome.steps;
    played++;
    if (outcome.wrong.length > 0) throw new Broken(`${outcome.wrong.slice(0, 10).join('\n')}\n${printPlay(script)}`);
  };
  const law = property(count);
  for (let seed = until.seed; ; seed++) {
    const { failed, errorInstance } = await fc.check(law, { seed, numRuns: BATCH });
    const tally = { steps, plays: played, firstSeed: until.seed, lastSeed: seed };
    if (failed) return { ...tally, broken: `seed ${seed}\n${describe(errorInstance)}` };
    if (steps >= until.steps || performance.now() >= deadline) return { ...tally, broken: null };
  }
}

class Broken extends Error {}

const describe = (error: unknown): string =>
  error instanceof Broken ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error);

export const say = (what: string, { steps, plays: count, firstSeed, lastSeed }: Tally): string =>
  `${what}: ${steps} steps in ${count} scripts, seeds ${firstSeed} to ${lastSeed}\n`;
