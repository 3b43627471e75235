import { type Entries, type Members, noEntries, noMembers, put } from '../collections.js';
import type { Lane } from './effects.js';
import { sendHousekeeping } from './housekeeping.js';
import type { Request } from './request.js';
import type { Session } from './state.js';
import { type StateOf, table } from './table.js';
import type { ToolSet } from './tool-state.js';
import type { Track } from './track.js';
import { fault, type Work } from './work.js';

/** The life of one response. Only an `open` one holds the slot. */
export const responseLife = table<'open' | 'superseded' | 'ended'>('response', {
  open: { superseded: 'superseded', ended: 'ended', 'response-overdue': 'ended', dropped: 'ended', gone: 'ended' },
  superseded: {
    named: 'open',
    reclaimed: 'open',
    ended: 'ended',
    'response-overdue': 'ended',
    dropped: 'ended',
    gone: 'ended',
  },
  ended: {},
});

export interface OpenResponse {
  readonly id: string;
  state: StateOf<typeof responseLife>;
  lane: Lane;
  purpose: string | null;
  /** The request that asked for it; null: the server made it by itself. */
  request: Request | null;
  /** The requests that it answers: first its own, then those merged into it. */
  answers: number[];
  /** Whether its `created` has been reported; until then, only other frames have named it. */
  told: boolean;
  /** Whether a conflict named it before its `created` arrived. */
  named: boolean;
  /**
   * Set only if the server made it by itself: when it was created and triggered, and the last item that it has seen.
   */
  automatic: { readonly step: number; readonly triggeredAt: number; readonly seen: number } | null;
  /** Whether its first output item has arrived. */
  begun: boolean;
  lastAt: number;
  cancelSent: boolean;
  /** Whether we cancelled it because the user had begun to speak before it existed. */
  overtaken: boolean;
  /** The tools in force when it was created. */
  tools: ToolSet;
  audioBytes: number;
  /** Its items of audio. */
  readonly tracks: Track[];
  /** Whether it has an audio part, whoever plays it. */
  audioPart: boolean;
  /** How many characters of transcript it has produced. */
  chars: number;
  /** Where the server plays: the state of playing that it reported, and when playing began. */
  serverSound: 'none' | 'playing' | 'stopped' | 'cleared';
  startedAt: number | null;
  /** When its first audio arrived. */
  firstAudioAt: number | null;
}

export interface Responses {
  open: Entries<string, OpenResponse>;
  /** Ids of ended responses, the latest last: late frames do not open them again. */
  ended: Members<string>;
}

export const firstResponses = (): Responses => ({ open: noEntries, ended: noMembers });

/** Whether a response of the default conversation is open. */
export function slotIsHeld({ responses: { open } }: Session): boolean {
  for (const { state, lane } of open.values()) if (state === 'open' && lane === 'default') return true;
  return false;
}
export const openResponse = ({ responses: { open } }: Session, id: unknown): OpenResponse | undefined =>
  typeof id === 'string' ? open.get(id) : undefined;
export const openResponses = ({ responses: { open } }: Session): readonly OpenResponse[] => [...open.values()];

/** How many ended ids are remembered, and how many responses may be open: a memory bound, not a setting. */
export const REMEMBERED = 256;

/** The entry of an id, opened if it is new. Null: the response has ended, or too many are open. */
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
    tracks: [],
    audioPart: false,
    chars: 0,
    serverSound: 'none',
    startedAt: null,
    firstAudioAt: null,
  };
  responses.open = put(responses.open, id, entry);
  return entry;
}

// Cancelling -----------------------------------------------------------------------------------------------------------

/** Cancels a response by its id, once. */
export function cancelResponse(work: Work, entry: OpenResponse): void {
  if (entry.cancelSent || entry.state === 'ended') return;
  entry.cancelSent = true;
  sendHousekeeping(work, { type: 'response.cancel', response_id: entry.id });
}

/** Cancels every open response that matches. */
export function cancelResponses(work: Work, isMeant: (entry: OpenResponse) => boolean): void {
  for (const entry of openResponses(work.session)) if (isMeant(entry)) cancelResponse(work, entry);
}

/** Cancels the responses that hold the slot. */
export const cancelSlot = (work: Work): void =>
  cancelResponses(work, ({ state, lane }) => state === 'open' && lane === 'default');
