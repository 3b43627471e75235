import { emit, schedule, takeTurn } from './agenda.js';
import { newEvent } from './events.js';
import type { Item, Server, Session } from './state.js';
import type { Json } from './wire.js';
import { copy } from './wire.js';

/** Puts a client's item at its place; clients are told of it later. Without a place it comes last. */
export function insert(session: Session, item: Item, previousId?: Json): void {
  const index =
    typeof previousId !== 'string'
      ? session.items.length
      : previousId === 'root'
        ? 0
        : session.items.findIndex(({ id }) => id === previousId) + 1;
  session.items.splice(index, 0, item);
}

/**
 * Puts an item of the server's own behind the last that clients know of, and counts it as known. Returns the id of that
 * one. An item that a client has just sent comes after it: its turn is when it is acknowledged.
 */
export function append(session: Session, item: Item): string | null {
  const index = session.items.findLastIndex(({ announced }) => announced) + 1;
  session.items.splice(index, 0, item);
  item.announced = true;
  return session.items[index - 1]?.id ?? null;
}

/** Tells clients of an item when its turn to be acknowledged has come. */
export function acknowledgeItem(server: Server, session: Session, item: Item, as: 'created' | 'committed'): void {
  const { latency } = server.options;
  const turn = takeTurn(server, as === 'created' ? latency.item : latency.acknowledge);
  if (turn === 'now') announce(server, session, { item, as });
  else schedule(server, server.acknowledgedUntil - server.now, { do: 'announce', item, as });
}

interface Announcement {
  readonly item: Item;
  readonly as: 'created' | 'committed';
}

/** `added` and `done`, one right after the other; before them, of audio, that it was committed. */
export function announce(server: Server, session: Session, { item, as }: Announcement): void {
  item.announced = true;
  announceAt(server, item, as, previousOf(session, item));
}

export function announceAt(server: Server, { id, wire }: Item, as: Announcement['as'], previous: string | null): void {
  const previous_item_id = previous;
  if (as === 'committed') {
    emit(server, newEvent(server, 'input_audio_buffer.committed', { previous_item_id, item_id: id }));
  }
  for (const type of ['conversation.item.added', 'conversation.item.done']) {
    emit(server, newEvent(server, type, { previous_item_id, item: copy(wire) }));
  }
}

/** The nearest before it that clients know of. One that was deleted meanwhile would have come last. */
export function previousOf(session: Session, item: Item): string | null {
  const index = session.items.findIndex(({ id }) => id === item.id);
  const before = index < 0 ? session.items : session.items.slice(0, index);
  return before.findLast(({ announced }) => announced)?.id ?? null;
}
