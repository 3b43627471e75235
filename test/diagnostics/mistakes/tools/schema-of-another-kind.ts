/** Gives a schema that cannot print itself as JSON Schema, as zod 3 makes them. */
import type { StandardSchemaV1 } from '@standard-schema/spec';
import { tool } from 'gated-realtime';

declare const parameters: StandardSchemaV1<{ name: string }>;

// wrong:
tool({ name: 'save_lead', description: 'Saves it.', parameters, run: () => 'saved' });
