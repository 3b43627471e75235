/** Asks for the purpose of a tool that is not in the plan. */
import { tool } from 'gated-realtime';
import { openSession } from 'gated-realtime/ws';
import { z } from 'zod';

const save = tool({ name: 'save_lead', description: 'Saves it.', parameters: z.object({}) });
const session = await openSession({ model: 'gpt-realtime-2.1', tools: [save], purposes: ['greeting'] });

// wrong:
session.respond('save_lead');
