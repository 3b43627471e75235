import type { BudgetState, Ledger, SessionState } from '../../types/index.js';
import { reservedIn } from './budget.js';
import { anyone, shutFor } from './guards.js';
import { pendingAttempts } from './recovery.js';
import { outstanding, waiting } from './request.js';
import { openResponses } from './response.js';
import type { Rules } from './rules.js';
import { modelOf, spentIn } from './spending.js';
import type { Session } from './state.js';
import { runningTools } from './tool-state.js';
import { remainingMs } from './track.js';
import { epochOf } from './update.js';

/** The rules that the session goes by. */
export const rulesOf = ({ rules }: Session): Rules => rules;

/** The session's state as the user may see it: a copy that is safe to log. */
export function stateOf(standing: Session, now: number): Omit<SessionState, 'dropped'> {
  const session: Session = { ...standing, now };
  const { is } = session;
  return {
    connection: is.connection,
    configuration: is.configuration,
    epoch: epochOf(session),
    shut: shutFor(session, anyone).map(({ name }) => name),
    held: waiting(session).map((request) => ({
      purpose: request.purpose,
      by: [...shutFor(session, request).map(({ name }) => name), ...session.requests.shutByUser],
      sinceMs: Math.round(now - request.askedAt),
    })),
    outstanding: outstanding(session)?.purpose ?? null,
    responses: openResponses(session).map(({ id, purpose, lane }) => ({
      id,
      purpose,
      outOfBand: lane === 'out-of-band',
    })),
    user: { voice: is.voice, button: is.button, transcript: is.transcript, input: is.input },
    budget: session.rules.budget && budgetOf(session),
    automatic: is.automatic,
    playback: { state: is.playback, remainingMs: remainingMs(session) },
    tools: runningTools(session),
    hangup: is.hangup,
    recovery: pendingAttempts(session),
    line: is.line,
    backlog: is.backlog,
    restore: is.restore,
  };
}

/** The session's ledger as the user may see it: a copy. */
export function ledgerOf(session: Session): Ledger {
  const { total, automatic, transcription, byPurpose, byModel, responses, creates, lost } = session.spending;
  return structuredClone({
    model: modelOf(session),
    ...{ total, automatic, transcription, creates, lost },
    byPurpose: Object.fromEntries(byPurpose),
    byModel: Object.fromEntries(byModel),
    responses: [...responses.values()],
  });
}

const budgetOf = (session: Session): BudgetState => ({
  state: session.is.budget,
  limitNanoUsd: session.budget.limit,
  spentNanoUsd: spentIn(session),
  lostNanoUsd: session.spending.lost.nanoUsd,
  reservedNanoUsd: reservedIn(session),
  leasedNanoUsd: session.rules.budget?.shared === 'yes' ? session.budget.leased : null,
});
