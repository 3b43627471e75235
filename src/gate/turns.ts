import { noteCommitted } from './marks.js';
import { textOf } from './read.js';
import { lapseWithTurn } from './requests.js';
import type { ServerEvent } from './state.js';
import { move, type Work } from './work.js';

/** The server hears the user. */
export function speechStarted(work: Work, event: ServerEvent): void {
  work.gate.speechStep = work.gate.steps;
  work.gate.turnItem = textOf(event['item_id']);
  beginTurn(work, 'speech-started');
}

/** The user takes a turn, by the server's word or by the session's own. */
export function beginTurn(work: Work, fact: 'speech-started' | 'turn-begins'): void {
  const { gate } = work;
  const before = gate.turn;
  gate.responsesInARow = 0;
  gate.awaitedItem = null;
  move(gate, fact);
  if (gate.turn === before) return;
  gate.turnStep = gate.steps;
  lapseWithTurn(work);
}

export function speechStopped(work: Work, event: ServerEvent): void {
  work.gate.awaitedItem = textOf(event['item_id']);
  move(work.gate, 'speech-stopped');
  turnIsOver(work, event);
}

/** The server may answer by itself now. What it will have seen is what has been added by now. */
export function turnIsOver({ gate }: Work, event: ServerEvent): void {
  gate.turnItem = textOf(event['item_id']);
  gate.turnUncommitted = true;
  if (!gate.detection.responds) return;
  gate.trigger = gate.addedThrough;
  move(gate, 'answer-due');
}

export function committed({ gate }: Work, event: ServerEvent): void {
  const item = textOf(event['item_id']);
  const whose = noteCommitted(gate, item);
  if (item !== null && item === gate.turnItem) move(gate, 'turn-committed');
  gate.awaitedItem = item;
  if (item !== null && item === gate.transcribedItem) move(gate, 'transcribed');
  if (whose === 'ours' || !gate.turnUncommitted) return;
  gate.turnUncommitted = false;
  if (gate.detection.responds) move(gate, 'answer-due');
}

export function transcribed({ gate }: Work, event: ServerEvent): void {
  gate.transcribedItem = textOf(event['item_id']);
  if (gate.transcribedItem !== null && gate.transcribedItem === gate.awaitedItem) move(gate, 'transcribed');
}
