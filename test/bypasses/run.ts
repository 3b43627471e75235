/** Runs the attempts whose paths it is given, one after the other, and sends each outcome to its parent process. */
import { Stage } from './stage.js';
import type { Attempt } from './context.js';

export interface Played {
  readonly path: string;
  readonly outcome: string;
}

/** The longest time for one attempt in milliseconds, socket included; normally all of them take a few seconds. */
const LONGEST = 60_000;
const ENDLESS = 'does not end';

for (const path of process.argv.slice(2)) {
  const outcome = await Promise.race([outcomeOf(path), tooLong()]);
  await new Promise((sent) => process.send!({ path, outcome } satisfies Played, sent));
  // An attempt that hangs would block those after it, so another process runs them.
  if (outcome === ENDLESS) break;
}
// An attempt that hangs may have left something open.
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

/** Drops Node's additions to an error's message: they contain paths of this machine. */
function firstWords({ message }: Error): string {
  return message.replace(/( in \/| imported from )[^]*$/, '').split('\n', 1)[0]!;
}
