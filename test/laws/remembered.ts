import type { Session } from '../../src/machine/index.js';
import { expiresAt, waiting } from '../../src/machine/request.js';
import { endOf } from '../../src/machine/track.js';

/** Compares what the machine remembers, so as not to look at all that waits, with all that waits. */
export function wronglyRemembered(session: Session): readonly string[] {
  const { requests, playback } = session;
  const { sent, reviewed, nextExpiry } = requests;
  const held = waiting(session);
  const written = [...requests.all.values()].filter(({ state }) => state === 'sent');
  const isKnown =
    reviewed === null ||
    held.every(({ kind, shut, heldBy, askedStep }) => {
      const isNew = askedStep === session.steps;
      return reviewed.get(kind)?.names === shut && (!isNew || shut.join() === heldBy.join());
    });
  const firstEnd = Math.min(...playback.hearings.map((hearing) => endOf(session, hearing)));
  return [
    ...(sent.length === written.length && written.every((request) => sent.includes(request)) ? [] : ['what was sent']),
    ...(isKnown && (reviewed === null || !held.some(({ interrupt }) => interrupt)) ? [] : ['what holds the requests']),
    ...(held.length === 0 || nextExpiry <= Math.min(...held.map(expiresAt)) ? [] : ['when a request expires']),
    ...(playback.hearings.length === 0 || playback.nextEnd <= firstEnd ? [] : ['when something has been heard']),
  ].map((what) => `Remembered wrongly: ${what}`);
}
