/** What may happen, and how often: each small enough to be gone through in whole, and one with everything in it. */
import type { Budget } from './model.js';

const plain = { params: null, interrupt: false, whenBlocked: 'hold', override: [] } as const;
const interrupting = { ...plain, interrupt: true };
const beside = { ...plain, params: { conversation: 'none' } };
const nothing: Budget = {
  asks: [plain],
  begins: 0,
  cancels: 0,
  items: 0,
  deadlines: 0,
  drops: 0,
  closes: 0,
  failures: 0,
};

/** Gone through to the end. */
export const closed: Readonly<Record<string, Budget>> = {
  'a request, a turn of the caller, close': { ...nothing, begins: 1, closes: 1 },
  'a request, a turn, a cancel, a lost socket': { ...nothing, begins: 1, cancels: 1, drops: 1 },
  'a request, two turns': { ...nothing, begins: 2 },
  'a request, a turn, an item, a failure': { ...nothing, begins: 1, items: 1, failures: 1 },
  'two requests, one of which interrupts, a lost socket, close': {
    ...nothing,
    asks: [plain, interrupting],
    drops: 1,
    closes: 1,
  },
  'two requests, one of them beside the conversation, a turn': { ...nothing, asks: [plain, beside], begins: 1 },
};

export const everything: Budget = {
  asks: [plain, interrupting],
  begins: 1,
  cancels: 1,
  items: 1,
  deadlines: 1,
  drops: 1,
  closes: 1,
  failures: 1,
};
