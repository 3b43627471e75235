/** `call.respond` while the caller speaks */
import type { Context } from '../../context.js';

export default async ({ whileToolRuns }: Context) => {
  await whileToolRuns((call) => call.respond({ whenBlocked: 'refuse' }).kind);
};
