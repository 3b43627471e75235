import type { Notice, ServerEvent } from '../machine/index.js';
import { at, textOf } from '../machine/index.js';
import { encodeAudio } from '../wire/index.js';
import type { Emitter } from './emitter.js';
import type { Handles } from './handles.js';
import { recordOf } from './notices.js';

/** What it takes to queue events for listeners. */
export interface Telling {
  readonly emitter: Emitter;
  readonly handles: Handles;
  /** Whether an item's audio has been cut, so that nothing more of it may be played. */
  isCut(itemId: string): boolean;
  /** What the caller hears while no line is live. */
  readonly meanwhile: Uint8Array | null;
}

/**
 * Queues a server event for the listeners of `event` and of its own name, and its audio for the listeners of `audio`.
 */
export function queueEvent(telling: Telling, event: ServerEvent, audio: Uint8Array | null): void {
  const { emitter, handles } = telling;
  const toAll = emitter.hasListeners('event');
  // A server event with one of our own names would be confused with ours.
  const byName = emitter.hasListeners(event.type) && !ours.has(event.type);
  const asAudio = audio !== null && emitter.hasListeners('audio');
  if (!toAll && !byName && !asAudio) return;
  const response = handles.of(event['response_id'] ?? at(event, 'response', 'id'));
  if (toAll) emitter.queue('event', event, response);
  if (byName) emitter.queue(event.type, event, response);
  if (!asAudio) return;
  const itemId = textOf(event['item_id']);
  if (itemId === null || telling.isCut(itemId)) return;
  emitter.queue('audio', { bytes: audio, base64: event['delta'], itemId }, response);
}

/** Queues a notice of the machine. Faults take another path, because they are reported even without listeners. */
export function queueNotice({ emitter, handles, meanwhile }: Telling, notice: Notice, sessionId: string): void {
  if (notice.kind === 'created') emitter.queue('response', handles.of(notice.response));
  if (notice.kind === 'record' && emitter.hasListeners('verdict')) {
    emitter.queue('verdict', recordOf(notice.record, sessionId));
  }
  if (notice.kind === 'cut') emitter.queue('cut', { heard: notice.heard });
  if (notice.kind === 'away') emitter.queue('away', { code: notice.code, reason: notice.reason });
  if (notice.kind === 'back') emitter.queue('back', { epoch: notice.epoch, awayMs: notice.awayMs });
  if (notice.kind === 'meanwhile' && meanwhile) {
    emitter.queue('meanwhile', { bytes: new Uint8Array(meanwhile), base64: encodeAudio(meanwhile) });
  }
  if (notice.kind === 'rotated') emitter.queue('rotated', { epoch: notice.epoch });
  if (notice.kind === 'expiring') emitter.queue('expiring', { inMs: notice.inMs });
  if (notice.kind === 'tools') emitter.queue('tools', notice.round);
}

/** The events of `on()` that are ours, not the server's. */
const ours: ReadonlySet<string> = new Set([
  ...['event', 'audio', 'cut', 'response', 'verdict', 'decision', 'call', 'tools', 'away', 'back', 'fault'],
  ...['meanwhile', 'rotated', 'expiring'],
]);
