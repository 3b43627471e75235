import type { ClientEvent } from './effects.js';
import { isRecord } from './read.js';
import type { Request } from './request.js';

/** The metadata key that every create of ours carries, by which its response is recognised. */
export const TOKEN = 'gated_token';
export const PURPOSE = 'gated_purpose';
export const OVERRIDE = 'gated_override';

/** The only place that builds a `response.create`. */
export function createFrame(request: Request, token: string, eventId: string): ClientEvent {
  const { params, purpose, override, lane } = request;
  const ours: Record<string, string> = { [TOKEN]: token, [PURPOSE]: purpose };
  if (override.length > 0) ours[OVERRIDE] = override.join(',');
  const theirs = params?.['metadata'];
  const metadata = isRecord(theirs) ? { ...theirs, ...ours } : ours;
  const defaults = lane === 'out-of-band' ? { output_modalities: ['text'] } : null;
  // Spreading costs as much as the rest, and most requests have nothing to spread.
  const response = params || defaults ? { ...defaults, ...params, metadata } : { metadata };
  return { type: 'response.create', event_id: eventId, response };
}
