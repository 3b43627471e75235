import type { Rules } from '../src/machine/index.js';
import { publishedPrices } from '../src/money/prices.js';

/** The documented default limits, repeated here so that an accidental change is detected. */
export const limits: Rules['limits'] = {
  held: 16,
  holdForMs: 15_000,
  responsesInARow: 5,
  imminentMs: 400,
  turnMs: 60_000,
  transcriptMs: 1_800,
  createdMs: 10_000,
  responseMs: 60_000,
  confirmMs: 10_000,
  conflicts: 5,
  toolRoundsInARow: 8,
  creates: 200,
  mcpMs: 60_000,
  silentMs: 45_000,
  aliveMs: 10_000,
  expiringMs: 120_000,
};

/** Money that nobody watches, and a line that nothing replaces. */
export const unwatched: Pick<Rules, 'model' | 'prices' | 'budget' | 'reconnect' | 'unixMsAtZero'> = {
  model: 'gpt-realtime-2.1',
  prices: publishedPrices,
  budget: null,
  reconnect: null,
  unixMsAtZero: 0,
};

/** A session of an own connection that has been asked for nothing more. */
export const plainRules: Rules = {
  ...{ limits, turnEnds: 'speech-stopped', line: 'own', prefix: 'gr', guards: [], accept: 'not given' },
  ...{
    unknownTools: 'answer',
    playback: 'goes on',
    endsCall: 'no',
    pings: 'cannot ask',
    keys: 'fixed',
    recovery: null,
  },
  ...unwatched,
};
