/**
 * Leaves out the description of a tool.
 *
 * Why: Up to 6.0, TypeScript names both types first, and what is missing in the line below: `Property
 * 'description' is missing`.
 */
import { tool } from 'gated-realtime';
import { z } from 'zod';

const parameters = z.object({ name: z.string() });

// wrong:
tool({ name: 'save_lead', parameters, run: ({ name }) => name });
