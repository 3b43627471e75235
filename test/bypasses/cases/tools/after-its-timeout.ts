/** A tool that speaks after its time is up */
import type { Context } from '../../context.js';

export default async ({ whileToolRuns, wait }: Context) => {
  await whileToolRuns(
    async ({ respond }) => {
      await wait(1_000);
      respond();
    },
    { timeoutMs: 500, reply: () => 'silent' },
  );
};
