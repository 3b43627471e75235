/** A tool that speaks when it is aborted */
import type { Context } from '../../context.js';

export default async ({ whileToolRuns, wait }: Context) => {
  await whileToolRuns(
    async ({ respond, signal }) => {
      signal.addEventListener('abort', () => respond());
      await wait(1_000);
    },
    { timeoutMs: 500, reply: () => 'silent' },
  );
};
