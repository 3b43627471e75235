/** Misspells what follows the output. */
import { tool } from 'gated-realtime';
import { z } from 'zod';

const parameters = z.object({ name: z.string() });

// wrong:
tool({ name: 'save_lead', description: 'Saves it.', parameters, run: () => 'saved', reply: 'speak' });
