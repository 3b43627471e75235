/** Gives a purpose to the `respond` of a tool. */
import { tool } from 'gated-realtime';
import { z } from 'zod';

const parameters = z.object({ name: z.string() });

// wrong:
tool({ name: 'save_lead', description: 'Saves it.', parameters, run: (_, call) => call.respond('tool:save_lead') });
