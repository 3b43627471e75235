import { acknowledge } from './agenda.js';
import { newId } from './ids.js';
import type { Complaint } from './schema.js';
import type { Server } from './state.js';
import type { Json, ServerFrame } from './wire.js';

/** The client event that caused an error. */
export interface Culprit {
  readonly connection: string;
  /** The client's id of the event; null if it gave none. */
  readonly eventId: string | null;
}

/** Answers a client event with an error, and changes nothing else. */
export function refuse(server: Server, culprit: Culprit, complaint: Complaint): void {
  const isUnnamed = server.faults.errorWithoutEventId || complaint.culprit === 'unnamed';
  const eventId = isUnnamed ? null : culprit.eventId;
  const event = errorEvent(server, complaint, eventId);
  acknowledge(server, server.options.latency.acknowledge, [event], culprit.connection);
}

export function errorEvent(
  server: Server,
  { code, message, param }: Complaint,
  eventId: Json,
  type = 'invalid_request_error',
): ServerFrame {
  return { type: 'error', event_id: newId(server, 'event'), error: { type, code, message, param, event_id: eventId } };
}

export const complain = (code: string, message: string, param: string | null = null): Complaint => ({
  code,
  message,
  param,
});
