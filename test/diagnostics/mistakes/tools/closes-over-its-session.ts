/**
 * Closes over the session that it is given to.
 *
 * Why: These are TypeScript's own words for a value that is needed to make itself. A tool takes its session from
 * the second argument of `run`.
 */
import { tool } from 'gated-realtime';
import { openSession } from 'gated-realtime/ws';
import { z } from 'zod';

const parameters = z.object({});

// wrong:
export const session = await openSession({
  model: 'gpt-realtime-2.1',
  tools: [tool({ name: 'end_call', description: 'Hangs up.', parameters, run: () => session.hangup() })],
});
