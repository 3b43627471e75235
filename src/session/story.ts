import type { DecisionStep, TokenUsage } from '../../types/index.js';
import type { Into, Notice, Outcome, Particulars, Settlement } from '../machine/index.js';

/** What is known of one request so far. */
export interface Story {
  readonly request: number;
  readonly steps: DecisionStep[];
  stepsLeftOut: number;
  heldMs: number;
  /** When it last began to wait; null: it does not wait. */
  waitsSince: number | null;
  heldAt: number | null;
  sentAt: number | null;
  createdAt: number | null;
  firstAudioAt: number | null;
  doneAt: number;
  heardAt: number | null;
  settlement: Settlement | null;
  particulars: Particulars | null;
  response: string | null;
  into: Into | null;
  outcome: Outcome | null;
  heard: 'heard' | 'cut' | 'none' | null;
  tokens: TokenUsage | null;
  nanoUsd: number | null;
}

/** How many changes of the holding guards one story keeps: a memory bound, not a setting. */
const HOLDS = 32;
/** No guard was shut. */
export const none: readonly string[] = Object.freeze([]);

export const begun = (request: number, now: number): Story => ({
  request,
  steps: [{ at: now, what: 'asked', guards: none }],
  stepsLeftOut: 0,
  heldMs: 0,
  waitsSince: null,
  heldAt: null,
  sentAt: null,
  createdAt: null,
  firstAudioAt: null,
  doneAt: now,
  heardAt: null,
  settlement: null,
  particulars: null,
  response: null,
  into: null,
  outcome: null,
  heard: null,
  tokens: null,
  nanoUsd: 0,
});

export function add({ steps }: Story, what: DecisionStep['what'], guards: readonly string[], at: number): void {
  steps.push({ at, what, guards: guards.length === 0 ? none : [...guards] });
}

export function hold(story: Story, guards: readonly string[], now: number): void {
  story.waitsSince ??= now;
  story.heldAt ??= now;
  const holds = story.steps.filter(({ what }) => what === 'held').length;
  if (holds < HOLDS) add(story, 'held', guards, now);
  else story.stepsLeftOut++;
}

export function stopWaiting(story: Story, now: number): void {
  if (story.waitsSince !== null) story.heldMs += now - story.waitsSince;
  story.waitsSince = null;
}

export function sent(story: Story, now: number): void {
  stopWaiting(story, now);
  story.sentAt = now;
  add(story, 'sent', none, now);
}

export function settle(story: Story, { record, particulars }: Extract<Notice, { kind: 'record' }>): void {
  story.settlement = record;
  story.particulars = particulars;
}

export function end(story: Story, outcome: Outcome, now: number): void {
  stopWaiting(story, now);
  story.outcome = outcome;
  story.doneAt = now;
  if (outcome.status === 'unsent') add(story, 'unsent', guardsAtEnd(story), now);
}

/** Guards do not end a request that was sent: all of them had let it through. */
const guardsAtEnd = ({ settlement, particulars }: Story): readonly string[] =>
  settlement?.verdict === 'refuse' && particulars ? particulars.shut : none;
