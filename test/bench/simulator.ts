import { simulate } from '../../src/simulator/index.js';
import { markdown, spreadOf, type Spread } from './measure.js';

const ROUNDS = 7;
const CALLS = 60;
const AIMED = 300;

/** Calls of three turns, in memory, that a second of processor time plays: each turn is spoken, answered and ended. */
export async function simulatedCalls(): Promise<Spread> {
  const rates: number[] = [];
  for (let round = -2; round < ROUNDS; round++) {
    const start = process.cpuUsage();
    for (let call = 0; call < CALLS; call++) await threeTurns();
    const { user, system } = process.cpuUsage(start);
    if (round >= 0) rates.push(CALLS / ((user + system) / 1e6));
  }
  return spreadOf(rates);
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

export function simulatedTable({ low, median, high }: Spread): string {
  const row = [
    'calls of three turns in the simulator, a second of processor time',
    median.toFixed(0),
    `${low.toFixed(0)} to ${high.toFixed(0)}`,
    String(AIMED),
    median >= AIMED ? 'reached' : 'missed',
  ];
  return markdown([['what', 'ours', 'spread', 'aim', ''], row]);
}
