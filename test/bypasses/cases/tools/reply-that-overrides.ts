/** A tool whose reply has options of a request */
import type { Context } from '../../context.js';

export default async ({ whileToolRuns }: Context) => {
  await whileToolRuns(() => 'found', { reply: () => ({ override: ['user-speaking'] }) });
};
