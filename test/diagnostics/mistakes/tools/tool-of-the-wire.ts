/** Gives a tool in the form of the wire. */
import { plan } from 'gated-realtime';

// wrong:
plan({ tools: [{ type: 'function', name: 'save_lead', description: 'Saves it.', parameters: {} }] });
