/** `call.respond` for another purpose */
import type { Context } from '../../context.js';

export default async ({ whileToolRuns }: Context) => {
  await whileToolRuns((call) => call.respond('greeting').kind);
};
