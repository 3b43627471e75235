import type { FactName, Facts } from './facts.js';
import type { Part } from './part.js';
import { at, type Json, type ServerEvent, textOf } from './read.js';
import type { Session } from './state.js';
import { fault, makeId, post, send, type Work } from './work.js';

/**
 * Items and commits of ours on their way into the conversation: a response that was triggered before one was added has
 * not seen it.
 */
export interface Items {
  /** Sent, and neither added nor refused. */
  unadded: Unadded[];
  /** Counts what was sent. */
  last: number;
  /** Everything up to this one has been added, or was given up. */
  addedThrough: number;
  /** Given up: the server neither added nor refused it. Nobody knows what a response has seen of it. */
  lost: readonly number[];
}

export interface Unadded {
  readonly sequence: number;
  readonly eventId: string | null;
  /** Null: a commit, whose item the server will name. */
  itemId: string | null;
  readonly dueAt: number;
}

export const firstItems = (): Items => ({ unadded: [], last: 0, addedThrough: 0, lost: [] });

/** The place of the last item or commit that was sent; 0 before the first. */
export const lastSent = ({ items }: Session): number => items.last;
export const addedThrough = ({ items }: Session): number => items.addedThrough;
/** Whether a response that saw everything up to `seen` has seen this item. */
export const wasSeen = ({ items }: Session, item: number, seen: number): boolean =>
  item <= seen && !items.lost.includes(item);
/** A commit of ours that is on its way. */
export const sentCommit = ({ items }: Session): Unadded | undefined =>
  items.unadded.find(({ itemId }) => itemId === null);
/** The only item that is on its way; none where there are several. */
export function onlyUnadded({ items: { unadded } }: Session): Unadded | undefined {
  const sent = unadded.filter(({ itemId }) => itemId !== null);
  return sent.length === 1 ? sent[0] : undefined;
}
export const isUnadded = ({ items }: Session, eventId: string): boolean =>
  items.unadded.some((each) => each.eventId === eventId);

/** How many items may be on their way at once and still be followed, and how many lost ones are remembered: bounds. */
const FOLLOWED = 1024;
const LOST = 64;

/** Sends an item of the session's own. */
export function sendItem(work: Work, item: Json): { readonly eventId: string; readonly itemId: string } {
  const ids = { eventId: makeId(work.session), itemId: makeId(work.session) };
  const event = { type: 'conversation.item.create', event_id: ids.eventId, item: { ...item, id: ids.itemId } };
  send(work, event);
  post(work, 'sent', { event });
  return ids;
}

/** An item or a commit is sent. */
function onSent({ session: { items, now, rules } }: Work, { event }: Facts['sent']): void {
  const itemId = textOf(at(event, 'item', 'id'));
  const isItem = event.type === 'conversation.item.create' && itemId !== null;
  if (!isItem && event.type !== 'input_audio_buffer.commit') return;
  items.last++;
  if (items.unadded.length >= FOLLOWED) return;
  items.unadded.push({
    sequence: items.last,
    eventId: textOf(event['event_id']),
    itemId: isItem ? itemId : null,
    dueAt: now + rules.limits.createdMs,
  });
}

/** Reads a `conversation.item.added`. */
export function unaddedAdded({ session }: Work, event: ServerEvent): void {
  const item = textOf(at(event, 'item', 'id'));
  if (item !== null) settle(session, ({ itemId }) => itemId === item);
}

function settle({ items }: Session, settled: (each: Unadded) => boolean): void {
  items.unadded = items.unadded.filter((each) => !settled(each));
  items.addedThrough = (items.unadded[0]?.sequence ?? items.last + 1) - 1;
}

/** Gives up what the server has neither added nor refused: it holds up nothing any longer. */
function giveUp({ session }: { readonly session: Session }): void {
  const { items, now } = session;
  const overdue = items.unadded.filter(({ dueAt }) => dueAt <= now);
  if (overdue.length === 0) return;
  items.lost = [...items.lost, ...overdue.map(({ sequence }) => sequence)].slice(-LOST);
  settle(session, ({ dueAt }) => dueAt <= now);
}

function onRefused(work: Work, { is, refusal }: Facts['item-refused'] & { readonly is: FactName }): void {
  const eventId = refusal.eventId ?? onlyUnadded(work.session)?.eventId;
  settle(work.session, (each) => each.eventId === eventId);
  if (is === 'item-refused') fault(work, `The server refused an item: ${refusal.message}`);
}

export const items: Part = {
  tables: {},
  heeds: {
    sent: onSent,
    'own-commit': (_, { commit, item }) => void (commit.itemId = item),
    'item-refused': onRefused,
    'output-refused': onRefused,
    gone: ({ session }) => void (session.items = { ...session.items, unadded: [] }),
  },
  dueAt: ({ items: { unadded } }) => unadded[0]?.dueAt ?? Infinity,
  elapse: giveUp,
};
