/** A program that records a simulated call, and then ends as instructed: `call.ts <file> waits | throws | exits`. */
import { openSession } from '../../../src/index.js';
import { recordTo } from '../../../src/record/index.js';
import { createSimulator } from '../../../src/simulator/index.js';

const [file = '', how] = process.argv.slice(2);
const { transport, clock } = createSimulator();
const session = await openSession({
  ...{ transport, clock, model: 'gpt-realtime-2.1', observe: [recordTo(file)] },
  purposes: ['greeting', 'last'],
});
await session.respond('greeting').done;
if (how === 'waits') {
  setTimeout(() => process.stdout.write('written\n'), 150);
  setInterval(() => undefined, 1_000);
} else {
  void session.respond('last');
  if (how === 'throws') throw new Error('A mistake in the program.');
  process.exit(0);
}
