import type { Rules } from '../src/machine/index.js';
import { publishedPrices } from '../src/money/prices.js';

/** The limits as they are documented, stated once more: a default that changes by mistake is found out. */
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
};

/** Money that nobody watches. */
export const unwatched: Pick<Rules, 'model' | 'prices' | 'budget'> = {
  model: 'gpt-realtime-2.1',
  prices: publishedPrices,
  budget: null,
};
