import type { Decision, SessionAbout } from '../../types/index.js';
import type { Outcome } from '../machine/index.js';
import { requestName } from './handle.js';
import type { Story } from './story.js';

/** The call that a decision belongs to, and when its clock began. */
export type About = Pick<SessionAbout, 'callId' | 'startedAt' | 'wallTime'>;

/** The decision record of a request; null while its outcome is open. */
export function decisionOf(story: Story, about: About, sessionId: string): Decision | null {
  const { settlement, particulars, request, response, into, outcome, heard, steps, tokens, nanoUsd } = story;
  if (!settlement || !particulars || !outcome || !heard) return null;
  const { purpose, verdict, by, epoch, askedAt, sinceLastMs } = settlement;
  const { origin, lane, attempt, root } = particulars;
  const { heldAt, sentAt, createdAt, firstAudioAt, doneAt, heardAt, heldMs, stepsLeftOut } = story;
  return frozen({
    sessionId: sessionId === '' ? null : sessionId,
    callId: about.callId,
    requestId: requestName(request),
    responseId: response,
    purpose,
    origin,
    lane,
    attempt,
    rootId: root === null ? null : requestName(root),
    verdict,
    by,
    heldBy: [...settlement.heldBy],
    overrides: [...settlement.overrides],
    steps,
    stepsLeftOut,
    heldMs,
    epoch,
    times: { askedAt, heldAt, sentAt, createdAt, firstAudioAt, doneAt, heardAt },
    wallTime: Math.round(about.wallTime + askedAt - about.startedAt),
    sinceLastMs,
    outcome: outcome.status,
    why: whyOf(outcome),
    heard,
    answeredBy: into && ('request' in into ? requestName(into.request) : 'server'),
    tokens,
    nanoUsd,
  });
}

/** A code for the details of an outcome. Never a sentence, which may quote what was said. */
function whyOf(outcome: Outcome): string | null {
  switch (outcome.status) {
    case 'completed':
      return null;
    case 'cancelled':
    case 'unsent':
      return outcome.by;
    case 'incomplete':
      return codeOf(outcome.reason);
    case 'failed':
      return codeOf(outcome.error.code ?? outcome.error.type);
    case 'lost':
      return outcome.whose;
  }
}

/** Replaces a word that does not look like a code, since it comes from the server's prose. */
const codeOf = (word: string | undefined): string =>
  word !== undefined && /^[\w.:-]{1,64}$/.test(word) ? word : 'unknown';

/** Freezes a decision, because all listeners get the same object. */
function frozen(decision: Decision): Decision {
  for (const step of decision.steps) {
    Object.freeze(step.guards);
    Object.freeze(step);
  }
  for (const list of [decision.heldBy, decision.overrides, decision.steps, decision.times]) Object.freeze(list);
  const { tokens } = decision;
  if (tokens) for (const part of [tokens, tokens.text, tokens.audio, tokens.image]) Object.freeze(part);
  return Object.freeze(decision);
}
