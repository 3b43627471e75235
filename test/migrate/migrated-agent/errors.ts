/** What the agent says when something goes wrong: each asks the session that it is given. */
import type { SessionOf } from 'gated-realtime';
import type { receptionist } from './agent.js';

type Receptionist = SessionOf<typeof receptionist>;

/** A response has failed: an apology, and then another try. */
export function apologise(session: Receptionist): void {
  if (session.state.connection !== 'open') return;
  void session.respond('apologise', { response: { instructions: 'Apologise for a technical problem.' } });
  void session.respond('apologise');
}

/** The book does not answer. */
export function officeTimedOut(session: Receptionist): void {
  if (session.state.connection !== 'open') return;
  void session.respond('office-timed-out', { response: { instructions: 'Say that it takes a moment.' } });
}

export async function officeIsSlow(session: Receptionist): Promise<void> {
  if (session.state.connection !== 'open') return;
  await Promise.resolve();
  void session.respond('office-is-slow', { response: { instructions: 'Say that the office is slow today.' } });
}

/** Calls are recorded by somebody else, who is given the session too. */
export function recordingFailed(session: Receptionist): void {
  void session.respond('recording-failed', { response: { instructions: 'Say that the call is no longer recorded.' } });
}
