import type { ClientEvent } from './effects.js';
import { isRecord } from './read.js';
import type { Request } from './request.js';

/** The metadata key that every create of ours carries, by which its response is recognised. */
export const TOKEN = 'gated_token';
export const PURPOSE = 'gated_purpose';
export const OVERRIDE = 'gated_override';

/** The only place that builds a `response.create`. */
export function createFrame(request: Request, token: string, eventId: string): ClientEvent {
  const params = request.params ?? {};
  const outOfBand = request.lane === 'out-of-band';
  return {
    type: 'response.create',
    event_id: eventId,
    response: {
      ...(outOfBand && { output_modalities: ['text'] }),
      ...params,
      metadata: {
        ...(isRecord(params['metadata']) ? params['metadata'] : {}),
        [TOKEN]: token,
        [PURPOSE]: request.purpose,
        ...(request.override.length > 0 && { [OVERRIDE]: request.override.join(',') }),
      },
    },
  };
}
