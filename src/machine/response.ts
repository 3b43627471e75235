import type { Lane } from './effects.js';
import { sendHousekeeping } from './housekeeping.js';
import type { Request } from './request.js';
import type { Session } from './state.js';
import { type StateOf, table } from './table.js';
import type { ToolSet } from './tool-state.js';
import { fault, type Work } from './work.js';

/** The life of one response, by its id. Only `open` holds the slot. */
export const responseLife = table<'open' | 'superseded' | 'ended'>('response', {
  open: { superseded: 'superseded', ended: 'ended', 'response-overdue': 'ended', gone: 'ended' },
  superseded: { named: 'open', reclaimed: 'open', ended: 'ended', 'response-overdue': 'ended', gone: 'ended' },
  ended: {},
});

export interface OpenResponse {
  readonly id: string;
  state: StateOf<typeof responseLife>;
  lane: Lane;
  purpose: string | null;
  /** How it was asked for; null: the server made it by itself. */
  request: Request | null;
  /** The requests that it answers: ours first, then what was merged into it. */
  answers: number[];
  /** Its `created` has been told; until then it is known by its other frames alone. */
  told: boolean;
  /** A conflict named it before its `created` was read. */
  named: boolean;
  /** Null unless the server made it by itself: then when it was created and triggered, and the last item that it has seen. */
  automatic: { readonly step: number; readonly triggeredAt: number; readonly seen: number } | null;
  /** Its first output item has been read. */
  begun: boolean;
  lastAt: number;
  cancelSent: boolean;
  /** We cancelled it because the user had begun to speak before it existed. */
  overtaken: boolean;
  /** The tools that were in force when it was created. */
  tools: ToolSet;
  audioBytes: number;
  /** Whether it has a part that is sound, whoever plays it. */
  audioPart: boolean;
  /** How many characters of transcript it has brought. */
  chars: number;
  /** Where the server plays: what it said of its playing, and when it began. */
  serverSound: 'none' | 'playing' | 'stopped' | 'cleared';
  startedAt: number | null;
  /** When its first audio came. */
  firstAudioAt: number | null;
}

export interface Responses {
  readonly open: Map<string, OpenResponse>;
  /** Ids that have ended, the latest last: stragglers open nothing. */
  readonly ended: Set<string>;
}

export const firstResponses = (): Responses => ({ open: new Map(), ended: new Set() });

/** A response of the default conversation is open. */
export function slotIsHeld({ responses: { open } }: Session): boolean {
  for (const { state, lane } of open.values()) if (state === 'open' && lane === 'default') return true;
  return false;
}
export const openResponse = ({ responses: { open } }: Session, id: unknown): OpenResponse | undefined =>
  typeof id === 'string' ? open.get(id) : undefined;
export const openResponses = ({ responses: { open } }: Session): readonly OpenResponse[] => [...open.values()];

/** How many ended ids are remembered, and how many responses may be open: a bound, not a tuning. */
export const REMEMBERED = 256;

/** The entry of an id; opened if it is new. Null: it has ended, or there are too many. */
export function entryOf(work: Work, id: string): OpenResponse | null {
  const { responses, now } = work.session;
  const known = responses.open.get(id);
  if (known) {
    known.lastAt = now;
    return known;
  }
  if (responses.ended.has(id)) return null;
  if (responses.open.size >= REMEMBERED) {
    fault(work, `More than ${REMEMBERED} responses are open: '${id}' is not followed.`);
    return null;
  }
  const entry: OpenResponse = {
    id,
    state: responseLife.first,
    lane: 'default',
    purpose: null,
    request: null,
    answers: [],
    told: false,
    named: false,
    automatic: null,
    begun: false,
    lastAt: now,
    cancelSent: false,
    overtaken: false,
    tools: work.session.tools.inForce,
    audioBytes: 0,
    audioPart: false,
    chars: 0,
    serverSound: 'none',
    startedAt: null,
    firstAudioAt: null,
  };
  responses.open.set(id, entry);
  return entry;
}

// Cancelling -----------------------------------------------------------------------------------------------------------

/** Cancels a response by its id, once. */
export function cancelResponse(work: Work, entry: OpenResponse): void {
  if (entry.cancelSent || entry.state === 'ended') return;
  entry.cancelSent = true;
  sendHousekeeping(work, { type: 'response.cancel', response_id: entry.id });
}

/** Cancels the responses that are meant. */
export function cancelResponses(work: Work, isMeant: (entry: OpenResponse) => boolean): void {
  for (const entry of openResponses(work.session)) if (isMeant(entry)) cancelResponse(work, entry);
}

/** Cancels what holds the slot, where its id is known. */
export const cancelSlot = (work: Work): void =>
  cancelResponses(work, ({ state, lane }) => state === 'open' && lane === 'default');
