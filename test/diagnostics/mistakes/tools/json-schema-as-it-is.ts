/** Writes the parameters as plain JSON Schema. */
import { tool } from 'gated-realtime';

// wrong:
tool({ name: 'save_lead', description: 'Saves it.', parameters: { type: 'object' }, run: () => 'saved' });
