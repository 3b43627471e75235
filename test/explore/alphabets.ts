/** What may happen, and how often: each small enough to be gone through in whole, and one with everything in it. */
import type { Ask, Rules } from '../../src/machine/index.js';
import { budgets } from '../laws/plots.js';
import type { Scene } from '../laws/script.js';

/** How often each may still happen. What is not here happens whenever it can. */
export interface Budget {
  /** Requests that will be made, in this order. */
  readonly asks: readonly Pick<Ask, 'params' | 'interrupt' | 'whenBlocked' | 'override'>[];
  readonly begins: number;
  readonly buttons: number;
  readonly cancels: number;
  readonly interrupts: number;
  readonly items: number;
  readonly updates: number;
  readonly deadlines: number;
  readonly losses: number;
  readonly closes: number;
  readonly failures: number;
  /** Answers that call a tool, and outputs that the server refuses. */
  readonly calls: number;
  readonly refusals: number;
  readonly hangups: number;
  readonly marks: number;
  /** Absences in which the caller's audio is kept. */
  readonly keeps: number;
  /** Limits that are raised, and leases that a shared budget has left. */
  readonly raises: number;
  readonly leases: number;
  /** Times at which the end of the line is looked at. */
  readonly nears: number;
}

export interface Alphabet {
  readonly budget: Budget;
  /** What the session may spend: nothing is said of it, or what one answer leaves too little of. */
  readonly money: Rules['budget'];
  readonly speaks: 'audio' | 'text';
  readonly recovery: Scene['recovery'];
  readonly playback: Scene['playback'];
  readonly onBargeIn: 'resume' | 'hang-up';
  /** Whether another line takes the place of one that is lost; and of one that will soon be ended, too. */
  readonly reconnect: 'no' | 'yes' | 'rotates';
  /** A connection of the session's own, or the control line of a call. */
  readonly line: Rules['line'];
}

const plain = { params: null, interrupt: false, whenBlocked: 'hold', override: [] } as const;
const interrupting = { ...plain, interrupt: true };
const beside = { ...plain, params: { conversation: 'none' } };
const none: Budget = {
  ...{ asks: [plain], begins: 0, buttons: 0, cancels: 0, interrupts: 0, items: 0, updates: 0, deadlines: 0 },
  ...{ losses: 0, closes: 0, failures: 0, calls: 0, refusals: 0, hangups: 0, marks: 0, keeps: 0, raises: 0, leases: 0 },
  nears: 0,
};
/** In nanodollars: enough for one answer of 8,000,000 and a goodbye, and not for a second once that has cost anything. */
export const SMALL = 17_000_000;
const small = (atLimit: 'tells' | 'stops answering' | 'hangs up'): Rules['budget'] =>
  budgets[atLimit] && { ...budgets[atLimit], limit: SMALL, warnAt: null };
const of = (budget: Partial<Budget>, rest: Partial<Omit<Alphabet, 'budget'>> = {}): Alphabet => ({
  ...{
    speaks: 'text',
    recovery: 'none',
    playback: 'goes on',
    onBargeIn: 'resume',
    money: null,
    reconnect: 'no',
    line: 'own',
  },
  ...rest,
  budget: { ...none, ...budget },
});

/** Gone through to the end. */
export const closed: Readonly<Record<string, Alphabet>> = {
  'a request, a turn of the caller, close': of({ begins: 1, closes: 1 }),
  'a request, a turn, a cancel, a lost socket': of({ begins: 1, cancels: 1, losses: 1 }),
  'a request, a turn by ear and one by hand': of({ begins: 1, buttons: 1 }),
  'a request, an update, a turn': of({ updates: 1, begins: 1 }),
  'two requests, one of which interrupts, a lost socket, close': of({
    asks: [plain, interrupting],
    losses: 1,
    closes: 1,
  }),
  'a tool that returns or throws, its output refused': of({ calls: 1, refusals: 1 }),
  'a tool, a turn': of({ calls: 1, begins: 1 }),
  'a tool, a hang-up': of({ calls: 1, hangups: 1 }, { onBargeIn: 'hang-up' }),
  'two requests with money for one, a limit that is raised, close': of(
    { asks: [plain, plain], raises: 1, closes: 1 },
    { money: small('tells') },
  ),
  'two requests with money for one, and a goodbye': of({ asks: [plain, plain] }, { money: small('hangs up') }),
  'a request out of a shared budget that gives once, a lost socket': of(
    { leases: 1, losses: 1 },
    { money: budgets.shared },
  ),
  'a request, a line that is lost and replaced': of({ losses: 1 }, { reconnect: 'yes' }),
  'a tool, a line that is lost and replaced': of({ calls: 1, losses: 1 }, { reconnect: 'yes' }),
  'a request, two lines that are lost': of({ losses: 2 }, { reconnect: 'yes' }),
  'a request, audio that is kept for the next line': of({ losses: 1, keeps: 1, deadlines: 1 }, { reconnect: 'yes' }),
  'a farewell, a line that is lost and replaced': of(
    { asks: [], hangups: 1, losses: 1, deadlines: 1 },
    { speaks: 'audio', reconnect: 'yes' },
  ),
  'a request, a line that is replaced before it ends': of({ nears: 3 }, { reconnect: 'rotates' }),
  'a line that is replaced before it ends, and lost, or the next one is': of(
    { asks: [], nears: 3, losses: 1 },
    { reconnect: 'rotates' },
  ),
  'a request, a control line that is lost and dialled again': of({ losses: 1 }, { reconnect: 'yes', line: 'sideband' }),
  'a request, a control line that is lost twice': of({ losses: 2 }, { reconnect: 'yes', line: 'sideband' }),
  'a farewell, a barge-in': of({ asks: [], hangups: 1, begins: 1 }, { speaks: 'audio' }),
};

/** Gone through as deep as there is time for. */
export const open: Readonly<Record<string, Alphabet>> = {
  'a request, a turn, an item, a failure': of({ begins: 1, items: 1, failures: 1 }),
  'two requests, one of them beside the conversation, a turn': of({ asks: [plain, beside], begins: 1 }),
  'a farewell that nothing stops, a barge-in': of(
    { asks: [], hangups: 1, begins: 1, deadlines: 1 },
    { speaks: 'audio', onBargeIn: 'hang-up' },
  ),
  'audio that is heard, marked, or cut': of(
    { begins: 1, marks: 1, interrupts: 1, deadlines: 1 },
    { speaks: 'audio', playback: 'waits' },
  ),
  'a failure that is made good, a turn': of({ failures: 2, deadlines: 2, begins: 1 }, { recovery: 'gentle' }),
  'failures that end the call': of({ failures: 3, deadlines: 3 }, { recovery: 'strict', onBargeIn: 'hang-up' }),
  'a turn with money for one answer, a limit that is raised': of(
    { begins: 2, raises: 1 },
    { money: small('stops answering') },
  ),
  'a goodbye because the money is spent, a barge-in': of(
    { begins: 1, deadlines: 1 },
    { speaks: 'audio', money: small('hangs up') },
  ),
  'a turn, a line that is lost and replaced': of({ begins: 1, losses: 1 }, { reconnect: 'yes' }),
  'a turn, audio that is kept for the next line': of(
    { begins: 1, losses: 2, keeps: 2, deadlines: 1 },
    { reconnect: 'yes' },
  ),
  'an update, an item, lines that are lost and replaced': of({ updates: 1, items: 1, losses: 2 }, { reconnect: 'yes' }),
  'a turn, an update, a line that is replaced before it ends': of(
    { begins: 1, updates: 1, nears: 3 },
    { reconnect: 'rotates' },
  ),
  'a tool, a turn, a control line that is lost and dialled again': of(
    { calls: 1, begins: 1, losses: 1 },
    { reconnect: 'yes', line: 'sideband' },
  ),
  everything: of(
    {
      ...{ asks: [plain, interrupting], begins: 1, buttons: 1, cancels: 1, interrupts: 1, items: 1, updates: 1 },
      ...{ deadlines: 2, losses: 1, closes: 1, failures: 1, calls: 1, refusals: 1, hangups: 1, marks: 1 },
      ...{ raises: 1, leases: 2 },
    },
    { speaks: 'audio', recovery: 'gentle', playback: 'waits', money: budgets.shared },
  ),
};
