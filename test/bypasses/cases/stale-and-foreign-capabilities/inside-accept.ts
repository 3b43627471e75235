/** A request from inside `accept()`, while the server confirms */
import type { Context } from '../../context.js';

export default async ({ open, session }: Context) => {
  const change = { session: { instructions: 'Be brief.' } };
  await open({
    ...change,
    accept: () => session.respond('greeting').kind === 'admit',
    session: { audio: { output: { voice: 'marin', speed: 1.01 } } },
  });
  session.respond('nudge');
};
