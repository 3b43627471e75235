/** Makes the attempts whose paths it is given, one after the other, and sends what became of each to its parent. */
import { Stage } from './stage.js';
import type { Attempt } from './context.js';

export interface Played {
  readonly path: string;
  readonly outcome: string;
}

for (const path of process.argv.slice(2)) process.send?.({ path, outcome: await outcomeOf(path) } satisfies Played);
process.disconnect();

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
