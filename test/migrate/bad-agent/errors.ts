/** What the agent says when something goes wrong: each writes on the line that it is given. */
import type { SessionOf } from 'gated-realtime';
import type { RawLine, receptionist } from './agent.js';

type Receptionist = SessionOf<typeof receptionist>;

/** A response has failed: an apology, and then another try. */
export function apologise(session: Receptionist, raw: RawLine): void {
  if (session.state.connection !== 'open') return;
  raw.send({ type: 'response.create', response: { instructions: 'Apologise for a technical problem.' } });
  raw.send({ type: 'response.create' });
}

/** The book does not answer. */
export function officeTimedOut(session: Receptionist, raw: RawLine): void {
  if (session.state.connection !== 'open') return;
  raw.send({ type: 'response.create', response: { instructions: 'Say that it takes a moment.' } });
}

export async function officeIsSlow(session: Receptionist, raw: RawLine): Promise<void> {
  if (session.state.connection !== 'open') return;
  const wish = { type: 'response.create', response: { instructions: 'Say that the office is slow today.' } };
  await Promise.resolve();
  raw.send(wish);
}

/** Calls are recorded by somebody else, who only knows the line. */
export function recordingFailed(raw: RawLine): void {
  raw.send({ type: 'response.create', response: { instructions: 'Say that the call is no longer recorded.' } });
}
