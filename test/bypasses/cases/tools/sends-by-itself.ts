/** A tool that sends through `call.session` */
import type { Context } from '../../context.js';

export default async ({ whileToolRuns }: Context) => {
  await whileToolRuns((call) => call.session.send({ type: 'response.create' }));
};
