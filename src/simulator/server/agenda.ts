import type { Utterance } from './input.js';
import type { Listing } from './listing.js';
import type { HostedRun, Item, Server } from './state.js';
import type { ServerFrame } from './wire.js';

/** An action that the server has scheduled for later. */
export type Action =
  | { readonly do: 'emit'; readonly event: ServerFrame; readonly connection: string | null }
  | { readonly do: 'announce'; readonly item: Item; readonly as: 'created' | 'committed' }
  | { readonly do: 'create'; readonly response: string }
  | { readonly do: 'generate'; readonly response: string }
  | { readonly do: 'speech-begins'; readonly utterance: Utterance }
  | { readonly do: 'speech-ends'; readonly utterance: Utterance }
  | { readonly do: 'transcript-delta'; readonly item: string; readonly text: string }
  | { readonly do: 'transcript-done'; readonly item: string; readonly transcript: string; readonly ms: number }
  | { readonly do: 'transcript-failed'; readonly item: string; readonly code: string }
  | { readonly do: 'release-transcript'; readonly item: string }
  | { readonly do: 'answer-turn' }
  | { readonly do: 'idle'; readonly activity: number }
  | { readonly do: 'playback-ends'; readonly response: string }
  | { readonly do: 'listing-begins'; readonly listing: Listing }
  | { readonly do: 'listing-ends'; readonly listing: Listing }
  | { readonly do: 'hosted-begins'; readonly run: HostedRun }
  | { readonly do: 'hosted-ends'; readonly run: HostedRun }
  | { readonly do: 'expire' }
  | { readonly do: 'ping'; readonly connection: string }
  | { readonly do: 'die'; readonly connection: string }
  | { readonly do: 'idle-close'; readonly connection: string };

export function schedule(server: Server, afterMs: number, action: Action): void {
  const at = server.now + Math.max(0, afterMs);
  server.sequence += 1;
  const due = { at, sequence: server.sequence, action };
  let place = server.agenda.length;
  while (place > 0 && (server.agenda[place - 1]?.at ?? 0) > at) place -= 1;
  server.agenda.splice(place, 0, due);
}

/** Cancels scheduled actions that match. */
export function callOff(server: Server, matches: (action: Action) => boolean): void {
  server.agenda = server.agenda.filter(({ action }) => !matches(action));
}

/** Sends an event to every connection of the session, now. */
export function emit(server: Server, event: ServerFrame): void {
  for (const { id } of server.connections) server.outputs.push({ type: 'frame', connection: id, event });
}

/** Sends an event to one connection, now. */
export function emitTo(server: Server, connection: string, event: ServerFrame): void {
  server.outputs.push({ type: 'frame', connection, event });
}

/**
 * Schedules the acknowledgement of a client's event, never before those of earlier events. Null: to every connection.
 */
export function acknowledge(
  server: Server,
  afterMs: number,
  events: readonly ServerFrame[],
  connection: string | null = null,
): void {
  const atOnce = takeTurn(server, afterMs) === 'now';
  for (const event of events) {
    if (atOnce) emitNow(server, event, connection);
    else schedule(server, server.acknowledgedUntil - server.now, { do: 'emit', event, connection });
  }
}

/**
 * Determines when an acknowledgement may be sent: `afterMs` from now, and not before those of earlier events. `later`
 * means at `acknowledgedUntil`.
 */
export function takeTurn(server: Server, afterMs: number): 'now' | 'later' {
  const waits = server.agenda.some(({ action }) => action.do === 'emit' || action.do === 'announce');
  server.acknowledgedUntil = Math.max(server.now + afterMs, server.acknowledgedUntil);
  return server.acknowledgedUntil <= server.now && !waits ? 'now' : 'later';
}

export function emitNow(server: Server, event: ServerFrame, connection: string | null): void {
  if (connection === null) emit(server, event);
  else emitTo(server, connection, event);
}
