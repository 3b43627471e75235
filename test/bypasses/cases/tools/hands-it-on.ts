/** A tool that hands `call.respond` to a timer */
import type { Context } from '../../context.js';

export default async ({ whileToolRuns, wait }: Context) => {
  await whileToolRuns(
    ({ respond }) => {
      void wait(500).then(() => respond());
      return 'found';
    },
    { reply: () => 'silent' },
  );
};
