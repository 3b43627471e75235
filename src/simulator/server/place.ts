import { emit, schedule, takeTurn } from './agenda.js';
import { newEvent } from './events.js';
import type { Item, Server, Session } from './state.js';
import type { Json } from './wire.js';
import { copy } from './wire.js';

/** Inserts a client's item, last by default. Clients are told of it later. */
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
 * Adds an item of the server's own after the last item that clients know, and marks it as known. Returns that item's
 * id. A client's item that is not acknowledged yet comes after it.
 */
export function append(session: Session, item: Item): string | null {
  const index = session.items.findLastIndex(({ announced }) => announced) + 1;
  session.items.splice(index, 0, item);
  item.announced = true;
  return session.items[index - 1]?.id ?? null;
}

/** Announces an item when its acknowledgement is due. */
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

/** Sends `added` and `done` of an item, preceded by `committed` for audio. */
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

/** The id of the nearest earlier item that clients know. An item that was deleted meanwhile counts as the last. */
export function previousOf(session: Session, item: Item): string | null {
  const index = session.items.findIndex(({ id }) => id === item.id);
  const before = index < 0 ? session.items : session.items.slice(0, index);
  return before.findLast(({ announced }) => announced)?.id ?? null;
}
