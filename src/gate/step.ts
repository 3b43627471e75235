import { cancel, interrupt, sendByHand, userTurn } from './calls.js';
import { abandon, askUpdate } from './confirmation.js';
import { close, connected, lose } from './connection.js';
import type { Effects } from './effects.js';
import { elapse, nextDue } from './elapse.js';
import { isProgress, readFrame } from './frames.js';
import { ask, review, withdraw } from './requests.js';
import type { Ask, ClientEvent, Gate, ServerEvent, Update } from './state.js';
import type { Fact } from './table.js';
import { begin, move, type Work } from './work.js';

/** One thing that happened, and when (`now`, milliseconds, never less than before). */
export type Input = { readonly now: number } & (
  | { readonly type: 'frame'; readonly event: ServerEvent }
  | { readonly type: 'tick' }
  // what the user calls
  | { readonly type: 'update'; readonly update: Update }
  | { readonly type: 'abandon'; readonly update: number }
  | { readonly type: 'respond'; readonly ask: Ask }
  | { readonly type: 'withdraw'; readonly request: number }
  | { readonly type: 'cancel'; readonly of: { readonly request: number } | { readonly response: string } }
  | { readonly type: 'interrupt' }
  | { readonly type: 'send'; readonly event: ClientEvent }
  | { readonly type: 'turn'; readonly edge: 'begins' | 'ends' }
  | { readonly type: 'reconsider' }
  | { readonly type: 'close' }
  // what the session knows
  | { readonly type: 'know'; readonly fact: Known }
  | { readonly type: 'dropped' | 'gone'; readonly code: number | null; readonly reason: string }
  | { readonly type: 'connected' }
);
type Known = Extract<Fact, 'hangup' | 'resumed' | 'over-budget' | 'within-budget' | 'playing' | 'drained'>;

const nothing: Effects = { frames: [], notices: [] };

/**
 * One input in; the effects of it out: write every frame, then tell. Depends on nothing but its arguments, and changes
 * nothing but the gate.
 */
export function step(gate: Gate, input: Input): Effects {
  const { now } = input;
  gate.now = now;
  gate.steps++;
  if (input.type === 'frame' && now < gate.due && isProgress(gate, input.event)) return nothing;
  const work = begin(gate);
  take(work, input);
  catchUp(work);
  gate.due = nextDue(gate);
  return work;
}

/** What is due happens, and whoever may go, goes: those who wait before whoever asks now. */
function catchUp(work: Work): void {
  elapse(work);
  review(work);
}

function take(work: Work, input: Input): void {
  const { gate } = work;
  switch (input.type) {
    case 'frame':
      return readFrame(work, input.event);
    case 'update':
      return askUpdate(work, input.update);
    case 'abandon':
      return abandon(work, input.update);
    case 'respond':
      catchUp(work);
      return ask(work, input.ask);
    case 'withdraw':
      return withdraw(work, input.request);
    case 'cancel':
      return cancel(work, input.of);
    case 'interrupt':
      return interrupt(work);
    case 'send':
      return sendByHand(work, input.event);
    case 'turn':
      return userTurn(work, input.edge);
    case 'close':
      return close(work);
    case 'know':
      return move(gate, input.fact);
    case 'dropped':
      return lose(work, 'dropped', input);
    case 'gone':
      return lose(work, 'gone', input);
    case 'connected':
      return connected(work);
    case 'tick':
    case 'reconsider':
      return;
  }
}
