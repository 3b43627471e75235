/** Makes the attempts whose paths it is given, one after the other, and sends what became of each to its parent. */
import { Stage } from './stage.js';
import type { Attempt } from './context.js';

export interface Played {
  readonly path: string;
  readonly outcome: string;
}

/** Milliseconds that an attempt may take, one over a socket included; all of them together take a few seconds. */
const LONGEST = 60_000;
const ENDLESS = 'does not end';

for (const path of process.argv.slice(2)) {
  const outcome = await Promise.race([outcomeOf(path), tooLong()]);
  await new Promise((sent) => process.send!({ path, outcome } satisfies Played, sent));
  // What hangs would hold up all that come after it: they are played by another process.
  if (outcome === ENDLESS) break;
}
// What hangs may have left something open.
process.exit(0);

function tooLong(): Promise<string> {
  return new Promise((settle) => setTimeout(settle, LONGEST, ENDLESS).unref());
}

async function outcomeOf(path: string): Promise<string> {
  const stage = new Stage();
  try {
    const { default: attempt } = (await import(new URL(path, import.meta.url).href)) as { default: Attempt };
    return await stage.play(attempt);
  } catch (error) {
    return `does not load: ${error instanceof Error ? firstWords(error) : String(error)}`;
  } finally {
    await stage.dispose();
  }
}

/** What Node adds to it is where the file stands on this machine. */
function firstWords({ message }: Error): string {
  return message.replace(/( in \/| imported from )[^]*$/, '').split('\n', 1)[0]!;
}
