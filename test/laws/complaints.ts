/** Assigns an `error` to what it is about, independently of the machine. */
import type { Create, Knowledge } from './knowledge.js';
import { text, type Frame } from './wire-log.js';

/** Removes what the error refuses. Returns the holder of the slot for a conflict of ours, otherwise null. */
export function readError(knows: Knowledge, frame: Frame): { readonly holder: string | null } | null {
  const eventId = text(frame, 'error.event_id');
  const create = eventId === null ? unnamed(knows, frame) : named(knows, eventId);
  if (!create) return null;
  knows.creates = knows.creates.filter((each) => each !== create);
  if (!isConflict(frame) || create.lane !== 'default') return null;
  return { holder: /\bresp_\w+/.exec(text(frame, 'error.message') ?? '')?.[0] ?? null };
}

const isConflict = (frame: Frame): boolean => text(frame, 'error.code') === 'conversation_already_has_active_response';

function named(knows: Knowledge, eventId: string): Create | undefined {
  const { session } = knows;
  session.givenUp = session.givenUp.filter((each) => each !== eventId);
  knows.commits = knows.commits.filter((each) => each.eventId !== eventId);
  if (session.pending?.eventId === eventId && !session.standing) session.pending = null;
  return knows.creates.find((each) => each.eventId === eventId);
}

/**
 * Assigns an error without an id by its `param` or its code; else to the update in flight; else to the only unanswered
 * create.
 */
function unnamed(knows: Knowledge, frame: Frame): Create | undefined {
  const code = text(frame, 'error.code');
  const type = text(frame, 'error.type');
  if (type === 'server_error' || code === 'server_error' || code === 'response_cancel_not_active') return undefined;
  const subject = subjectOf(text(frame, 'error.param')) ?? subjectOf(code);
  const isAnybodys = subject === null && type === 'invalid_request_error';
  const { session } = knows;
  if ((subject === 'session' || isAnybodys) && session.pending?.is === 'asked') {
    if (!session.standing) session.pending = null;
    return undefined;
  }
  if (subject !== 'response' && !isAnybodys) return undefined;
  const candidates = knows.creates.filter(({ lane }) => !isConflict(frame) || lane === 'default');
  return candidates.length === 1 ? candidates[0] : undefined;
}

function subjectOf(said: string | null): 'session' | 'response' | 'other' | null {
  if (said === null) return null;
  if (said === 'session_expired') return 'other';
  if (/^session(\.|_|$)/.test(said)) return 'session';
  if (/^response(\.|_|$)/.test(said) || said.startsWith('conversation_already_has')) return 'response';
  return /^(item|audio|input_audio|output_audio|conversation|previous_item_id)/.test(said) ? 'other' : null;
}
