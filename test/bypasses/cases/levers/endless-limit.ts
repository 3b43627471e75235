/** Limits without end */
import type { Context } from '../../context.js';

export default async ({ unconfirmed }: Context) => {
  await unconfirmed.configure({ limits: { responsesInARow: Infinity, held: -1 } });
};
