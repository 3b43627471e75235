import { simulate } from '../../src/simulator/index.js';
import { markdown, spreadOf, type Spread } from './measure.js';

const ROUNDS = 7;
const CALLS = 60;
const AIMED = 300;
/** How many calls the process has played before: the compiler is not done with the code for some hundreds of them. */
const PLAYED = [120, 1_000];

interface Rates {
  readonly before: number;
  readonly spread: Spread;
}

/** Calls of three turns, in memory, that a second of processor time plays: each turn is spoken, answered and ended. */
export async function simulatedCalls(): Promise<readonly Rates[]> {
  const found: Rates[] = [];
  let played = 0;
  for (const before of PLAYED) {
    for (; played < before; played++) await threeTurns();
    const rates: number[] = [];
    for (let round = 0; round < ROUNDS; round++, played += CALLS) rates.push(await rate());
    found.push({ before, spread: spreadOf(rates) });
  }
  return found;
}

async function rate(): Promise<number> {
  const start = process.cpuUsage();
  for (let call = 0; call < CALLS; call++) await threeTurns();
  const { user, system } = process.cpuUsage(start);
  return CALLS / ((user + system) / 1e6);
}

async function threeTurns(): Promise<void> {
  const { session, server } = await simulate({
    purposes: ['greeting'],
    session: { audio: { input: { turn_detection: { type: 'server_vad' } } } },
  });
  await session.respond('greeting').done;
  for (let turn = 0; turn < 2; turn++) {
    server.says('We have tulips: red ones, and white ones.');
    server.caller.speaks('Do you have tulips?', { ms: 900 });
    await session.once('response.done');
  }
  await session.close();
}

export function simulatedTable(found: readonly Rates[]): string {
  const rows = found.map(({ before, spread: { low, median, high } }) => [
    `calls of three turns in the simulator, a second of processor time, after ${before} calls`,
    median.toFixed(0),
    `${low.toFixed(0)} to ${high.toFixed(0)}`,
    String(AIMED),
    median >= AIMED ? 'reached' : 'missed',
  ]);
  return markdown([['what', 'ours', 'spread', 'aim', ''], ...rows]);
}
