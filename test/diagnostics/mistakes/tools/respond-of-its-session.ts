/** Asks for a response of the session that called. */
import { tool } from 'gated-realtime';
import { z } from 'zod';

const parameters = z.object({ name: z.string() });

// wrong:
tool({ name: 'save_lead', description: 'Saves it.', parameters, run: (_, { session }) => session.respond('greeting') });
