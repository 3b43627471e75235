/** A tool's capability in the place of a session's */
import type { Respond } from 'gated-realtime';
import type { Context } from '../../context.js';

const greet = (respond: Respond<'greeting'>) => respond('greeting').kind;

export default async ({ whileToolRuns }: Context) => {
  await whileToolRuns((call) => greet(call.respond));
};
