/**
 * Runs the fuzz tests for any length: `tsx test/fuzz/long.ts [frames] [seed]`. With one frame, only the life with this
 * seed runs again.
 */
import { liveOnce, liveThrough, type Sum } from './lives.js';

const [frames = 5_000_000, seed = Date.now() % 2 ** 32] = process.argv.slice(2).map(Number);
process.stdout.write(`seed ${seed}\n`);
process.on('unhandledRejection', (reason) => {
  throw new Error('A rejection was left unhandled.', { cause: reason });
});

let next = 0;
const report = ({ frames: said, confirmations, creates }: Sum): void => {
  if (said < next) return;
  next = said + 100_000;
  process.stdout.write(`${said} frames, ${confirmations} sessions confirmed, ${creates} creates\n`);
};
const sum: Sum = { frames: 0, confirmations: 0, creates: 0 };
if (frames === 1) await liveOnce(seed, sum);
else Object.assign(sum, await liveThrough(frames, seed, report));
next = 0;
report(sum);
