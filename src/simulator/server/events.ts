import { newId } from './ids.js';
import type { Server } from './state.js';
import type { Json, ServerFrame } from './wire.js';

/** Makes an event with an id of its own. */
export const newEvent = (server: Server, type: string, fields: Readonly<Record<string, Json>>): ServerFrame => ({
  type,
  event_id: newId(server, 'event'),
  ...fields,
});
