import type { ClientEvent } from './effects.js';
import { at, type Json, textOf } from './read.js';
import type { Session } from './state.js';

// The conversation as the program tells it, in place of what was said and heard.

/** How long the program may take to say it. Milliseconds. */
export const HISTORY_MS = 1_000;

export const itemsIn = (frames: readonly ClientEvent[]): readonly Json[] => frames.map(({ item }) => item as Json);

/**
 * The frames that tell a line these items instead of others. Notes which parts of the conversation still stand there as
 * they were shown: only those are corrected once they turn out to have been heard otherwise.
 */
export function toldInstead(
  session: Session,
  shown: readonly ClientEvent[],
  given: readonly Json[],
  makeId: () => string,
): readonly ClientEvent[] {
  const items = given.map((item) => (textOf(item['id']) === null ? { ...item, id: makeId() } : item));
  const kept = new Set(items.map((item) => JSON.stringify(item)));
  const changed = new Set(itemsIn(shown).flatMap((item) => (kept.has(JSON.stringify(item)) ? [] : [item['id']])));
  const { known } = session.restore;
  let before = textOf(items.at(-1)?.['id']) ?? 'root';
  for (const entry of [...session.conversation.entries].reverse()) {
    const told = known.get(entry.heardAs);
    if (!told) continue;
    const instead = told.ids.some((id: string) => changed.has(id)) ? before : null;
    known.set(entry.heardAs, { ...told, instead });
    if (instead === null) before = idBefore(items, told.ids[0]);
  }
  return items.map((item) => ({ type: 'conversation.item.create', item }));
}

const idBefore = (items: readonly Json[], id: string | undefined): string =>
  textOf(at(items[items.findIndex((item) => item['id'] === id) - 1], 'id')) ?? 'root';
