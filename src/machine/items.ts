import { emptyList } from '../collections.js';
import { isAway, isOpen } from './connection.js';
import type { FactName, Facts } from './facts.js';
import type { Part } from './part.js';
import { at, type Json, type ServerEvent, textOf } from './read.js';
import type { Session } from './state.js';
import { fault, makeId, post, send, type Work } from './work.js';

/**
 * Our items and commits on their way into the conversation: a response triggered before an item is added has not seen
 * it.
 */
export interface Items {
  /** Sent, and neither added nor refused yet. */
  unadded: Unadded[];
  /** Counts the items and commits sent. */
  last: number;
  /** Every item up to this number has been added or given up. */
  addedThrough: number;
  /** Items given up because the server neither added nor refused them. Whether a response has seen them is unknown. */
  lost: readonly number[];
}

export interface Unadded {
  readonly sequence: number;
  readonly eventId: string | null;
  /** Null: a commit, whose item the server names later. */
  itemId: string | null;
  readonly dueAt: number;
}

export const firstItems = (): Items => ({ unadded: [], last: 0, addedThrough: 0, lost: emptyList });

/** The number of the last item or commit sent; 0 before the first. */
export const lastSent = ({ items }: Session): number => items.last;
export const addedThrough = ({ items }: Session): number => items.addedThrough;
/** Whether a response that saw everything up to `seen` saw this item. */
export const wasSeen = ({ items }: Session, item: number, seen: number): boolean =>
  item <= seen && !items.lost.includes(item);
/** A commit of ours that the server has not answered yet. */
export const sentCommit = ({ items }: Session): Unadded | undefined =>
  items.unadded.find(({ itemId }) => itemId === null);
/** Whether the server has neither committed nor refused what this event asked it to commit. */
export const isAwaitedCommit = ({ items: { unadded } }: Session, eventId: string): boolean =>
  unadded.some((each) => each.itemId === null && each.eventId === eventId);
/** The only item on its way; undefined where there are several. */
export function onlyUnadded({ items: { unadded } }: Session): Unadded | undefined {
  const sent = unadded.filter(({ itemId }) => itemId !== null);
  return sent.length === 1 ? sent[0] : undefined;
}
export const isUnadded = ({ items }: Session, eventId: string): boolean =>
  items.unadded.some((each) => each.eventId === eventId);

/** How many items on their way are tracked, and how many lost ones are remembered: memory bounds. */
const FOLLOWED = 1024;
const LOST = 64;

/** Sends an item of the session's own. While no line is live it is only kept: the next line is told of it. */
export function sendItem(work: Work, item: Json): { readonly eventId: string; readonly itemId: string } {
  const ids = { eventId: makeId(work.session), itemId: makeId(work.session) };
  const event = { type: 'conversation.item.create', event_id: ids.eventId, item: { ...item, id: ids.itemId } };
  if (isOpen(work.session)) send(work, event);
  post(work, 'sent', { event });
  return ids;
}

/** Tracks an item or commit that is sent. */
function onSent({ session }: Work, { event }: Facts['sent']): void {
  const { items, now, rules } = session;
  const itemId = textOf(at(event, 'item', 'id'));
  const isItem = event.type === 'conversation.item.create' && itemId !== null;
  if (!isItem && event.type !== 'input_audio_buffer.commit') return;
  items.last++;
  // The next line is told of an item before it takes over, and is given a commit after that.
  if (isItem && isAway(session)) return settle(session, () => false);
  if (items.unadded.length >= FOLLOWED) return;
  items.unadded.push({
    sequence: items.last,
    eventId: textOf(event['event_id']),
    itemId: isItem ? itemId : null,
    dueAt: isAway(session) ? Infinity : now + rules.limits.createdMs,
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

/** Gives up items that the server neither added nor refused in time, so that nothing waits for them. */
function giveUp({ session }: { readonly session: Session }): void {
  const { items, now } = session;
  const overdue = items.unadded.filter(({ dueAt }) => dueAt <= now);
  if (overdue.length === 0) return;
  items.lost = [...items.lost, ...overdue.map(({ sequence }) => sequence)].slice(-LOST);
  settle(session, ({ dueAt }) => dueAt <= now);
}

/** The next line is told of all items, and is given the commits that have not been answered. */
function onDropped({ session }: Work): void {
  settle(session, ({ itemId }) => itemId !== null);
  expectBy(session, Infinity);
}

const onTakenOver = ({ session }: Work): void => expectBy(session, session.now + session.rules.limits.createdMs);

function expectBy({ items }: Session, dueAt: number): void {
  items.unadded = items.unadded.map((each) => ({ ...each, dueAt }));
}

function onRefused(work: Work, { refusal }: Facts['item-refused'], is: FactName): void {
  const eventId = refusal.eventId ?? onlyUnadded(work.session)?.eventId;
  settle(work.session, (each) => each.eventId === eventId);
  if (is === 'item-refused') fault(work, `The server refused an item: ${refusal.message}`);
}

export const items: Part = {
  tables: {},
  handlers: {
    sent: onSent,
    'own-commit': (_, { commit, item }) => void (commit.itemId = item),
    'item-refused': onRefused,
    'output-refused': onRefused,
    dropped: onDropped,
    parted: ({ session }) => settle(session, () => true),
    'taken-over': onTakenOver,
    gone: ({ session }) => void (session.items = { ...session.items, unadded: [] }),
  },
  dueAt: ({ items: { unadded } }) => unadded[0]?.dueAt ?? Infinity,
  onTick: giveUp,
};
