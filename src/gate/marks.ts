import { at, textOf } from './read.js';
import type { ClientEvent, Gate } from './state.js';

/** How many items may be on their way at once and still be followed: a bound, not a tuning. */
const FOLLOWED = 1024;

/** An item or a commit of ours is sent: a response that was triggered before it was added has not seen it. */
export function noteSent(gate: Gate, event: ClientEvent): void {
  const itemId = textOf(at(event, 'item', 'id'));
  const isItem = event.type === 'conversation.item.create' && itemId !== null;
  if (!isItem && event.type !== 'input_audio_buffer.commit') return;
  gate.lastMark++;
  if (gate.marks.length >= FOLLOWED) return;
  gate.marks.push({ sequence: gate.lastMark, eventId: textOf(event['event_id']), itemId: isItem ? itemId : null });
}

/** A `committed`: ours, if we have sent a commit and this is not the item of the turn that the server ended itself. */
export function noteCommitted(gate: Gate, item: string | null): 'ours' | 'the server’s' {
  const serverEnded = gate.turnUncommitted && (item === gate.turnItem || gate.turnItem === null);
  const commit = serverEnded ? undefined : gate.marks.find(({ itemId }) => itemId === null);
  if (!commit) return 'the server’s';
  commit.itemId = item;
  return 'ours';
}

/** A `conversation.item.added`. */
export function noteAdded(gate: Gate, item: string | null): void {
  if (item !== null) settleMarks(gate, ({ itemId }) => itemId === item);
}

/** An error that names the event: it was not added, and never will be. */
export function noteRefused(gate: Gate, eventId: string): void {
  settleMarks(gate, (mark) => mark.eventId === eventId);
}

function settleMarks(gate: Gate, settled: (mark: Gate['marks'][number]) => boolean): void {
  if (gate.marks.length === 0) return;
  gate.marks = gate.marks.filter((mark) => !settled(mark));
  gate.addedThrough = (gate.marks[0]?.sequence ?? gate.lastMark + 1) - 1;
}
