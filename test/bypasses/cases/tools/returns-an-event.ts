/** A tool that returns an event */
import type { Context } from '../../context.js';

export default async ({ whileToolRuns }: Context) => {
  await whileToolRuns(() => ({ type: 'response.create' }));
};
