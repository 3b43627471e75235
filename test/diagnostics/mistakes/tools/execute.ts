/** Names `run` as other libraries do. */
import { tool } from 'gated-realtime';
import { z } from 'zod';

const parameters = z.object({ name: z.string() });

// wrong:
tool({ name: 'save_lead', description: 'Saves it.', parameters, execute: () => 'saved' });
