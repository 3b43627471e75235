import type { RealtimeResponse } from 'openai/resources/realtime/realtime';
import { withoutKeys } from '../secrets.js';
import type { Ended } from './effects.js';
import { at, isRecord, type Json, listOf, textOf } from './read.js';

/** Reads out of a `response.done` how the response ended. */
export function outcomeOf(
  response: Json,
  { overtaken, audioMs }: { readonly overtaken: 'yes' | 'no'; readonly audioMs: number | null },
): Ended {
  const said = { text: saidIn(partsIn(response)), audioMs, response: response as object as RealtimeResponse };
  const details = isRecord(response['status_details']) ? response['status_details'] : {};
  const { status } = response;
  switch (status) {
    case 'completed':
      return { ...said, status };
    case 'cancelled': {
      const isByUser = details['reason'] === 'turn_detected' || overtaken === 'yes';
      return { ...said, status, by: isByUser ? 'user' : 'client' };
    }
    case 'incomplete':
      return { ...said, status, reason: textOf(details['reason']) ?? 'unknown' };
    case 'failed':
      return { status, error: errorOf(details['error']) };
    default: {
      const message = `The server ended the response with ${sayStatus(status)}.`;
      return { status: 'failed', error: { type: 'unknown_status', message } };
    }
  }
}

/** Describes an unknown status without quoting it: a deeply nested value would make even `JSON.stringify` fail. */
const sayStatus = (status: unknown): string =>
  typeof status === 'string' ? `the status '${status.slice(0, 64)}'` : 'no status';

function errorOf(error: unknown): { type?: string; code?: string | null; message?: string } {
  if (!isRecord(error)) return {};
  const type = textOf(error['type']);
  const code = textOf(error['code']);
  const message = textOf(error['message']);
  return { ...(type !== null && { type }), code, ...(message !== null && { message: withoutKeys(message) }) };
}

/** The parts of the response's messages, in order. */
export function partsIn(response: Json): readonly unknown[] {
  const parts: unknown[] = [];
  for (const item of listOf(response['output'])) {
    if (at(item, 'type') === 'message') parts.push(...listOf(at(item, 'content')));
  }
  return parts;
}

/** The output text and transcripts of these parts, in order. */
function saidIn(parts: readonly unknown[]): string {
  let said = '';
  for (const part of parts) {
    const text = textOf(at(part, 'text')) ?? textOf(at(part, 'transcript')) ?? '';
    if (text !== '') said = said === '' ? text : `${said}\n${text}`;
  }
  return said;
}
