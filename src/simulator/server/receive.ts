import { acknowledge, emit } from './schedule.js';
import { appendAudio, clearBuffer, commitBuffer } from './buffer.js';
import { badUpdate } from './counted.js';
import { firstComplaint, standingOf } from './checks.js';
import { clientEvents, supportedTypes, transcriptionTypes } from './client-events.js';
import { dialects } from './dialects.js';
import type { Culprit } from './errors.js';
import { complain, refuse } from './errors.js';
import { newEvent } from './events.js';
import { decideApproval } from './hosted.js';
import { listHostedTools } from './listing.js';
import { createItem, deleteItem, retrieveItem, truncateItem } from './items.js';
import { clearPlayback } from './playback.js';
import { cancelResponse, createResponse } from './respond.js';
import { check, invalidValue } from './schema.js';
import { echoOf, merge, type SessionConfig, unconfigured } from './session-config.js';
import type { Server, Session } from './state.js';
import type { ClientFrame, Json } from './wire.js';
import { isObject, under } from './wire.js';

/** Handles one text frame of a client: acknowledges it, or refuses it and changes nothing. */
export function receiveText(server: Server, session: Session, connection: string, text: string): void {
  const nobody = { connection, eventId: null };
  const parsed = parse(text);
  if (parsed === undefined) {
    refuse(server, nobody, complain('invalid_json', 'Invalid event: failed to parse JSON value.'));
    return;
  }
  if (!isObject(parsed) || parsed['type'] === undefined) {
    refuse(server, nobody, complain('invalid_event', "The 'type' field is missing."));
    return;
  }
  const given = parsed['event_id'];
  const culprit = { connection, eventId: typeof given === 'string' ? given : null };
  const { type } = parsed;
  const rule = typeof type === 'string' && Object.hasOwn(clientEvents, type) ? clientEvents[type] : undefined;
  const supported = session.config['type'] === 'transcription' ? transcriptionTypes : supportedTypes;
  if (!rule || typeof type !== 'string' || !(supported.includes(type) || isForCalls(server, type))) {
    const named = [...supported, ...dialects[server.options.dialect].namesAlso];
    refuse(server, culprit, invalidValue('type', type ?? null, named));
    return;
  }
  const complaint = check(rule, parsed, '');
  if (complaint) {
    refuse(server, culprit, complaint);
    return;
  }
  handlers[type]?.(server, session, { ...parsed, type }, culprit);
}

export function receiveBinary(server: Server, connection: string): void {
  const message = 'Expected a text WebSocket message; binary frames are not supported.';
  refuse(server, { connection, eventId: null }, complain('invalid_event', message));
}

/** Parses JSON; undefined if it is invalid. */
function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

const isForCalls = (server: Server, type: string): boolean =>
  type === 'output_audio_buffer.clear' && server.options.media === 'webrtc';

type Handler = (server: Server, session: Session, event: ClientFrame, culprit: Culprit) => void;

const handlers: Readonly<Record<string, Handler>> = {
  'session.update': updateSession,
  'input_audio_buffer.append': appendAudio,
  'input_audio_buffer.commit': (server, session, _event, culprit) => commitBuffer(server, session, culprit),
  'input_audio_buffer.clear': clearBuffer,
  'conversation.item.create': takeItem,
  'conversation.item.retrieve': retrieveItem,
  'conversation.item.delete': deleteItem,
  'conversation.item.truncate': truncateItem,
  'response.create': createResponse,
  'response.cancel': cancelResponse,
  'output_audio_buffer.clear': clearOutput,
};

/** Handles an item that may be the answer to a request for approval. */
function takeItem(server: Server, session: Session, event: ClientFrame, culprit: Culprit): void {
  const item = createItem(server, session, event, culprit);
  if (item?.wire['type'] === 'mcp_approval_response') decideApproval(server, session, item.wire);
}

/** Applies an update completely or not at all, and echoes the whole effective session. */
function updateSession(server: Server, session: Session, event: ClientFrame, culprit: Culprit): void {
  const update = under(event, 'session');
  const { faults } = server;
  const complaint = firstComplaint({ at: 'session', given: update, standing: standingOf(session), faults });
  if (complaint) {
    refuse(server, culprit, complaint);
    return;
  }
  const bad = badUpdate(server);
  if (bad !== null) {
    if (bad === 'misconfirmed') confirm(server, unconfigured(session.config));
    return;
  }
  const before = session.config.tools;
  const merged = merge(session.config, update);
  session.config = merged;
  if (merged.audio.input.turn_detection === null) session.turn = null;
  confirm(server, merged);
  listHostedTools(server, { tools: merged.tools, before, afterMs: server.acknowledgedUntil - server.now });
}

function confirm(server: Server, config: SessionConfig): void {
  const updated = newEvent(server, 'session.updated', { session: echoOf(config, server.faults) });
  acknowledge(server, server.options.latency.update, [updated]);
}

/** Handles `output_audio_buffer.clear`, on a call only. */
function clearOutput(server: Server, session: Session): void {
  const playback = clearPlayback(server, session);
  if (!playback) return;
  emit(server, playback.cleared);
  emit(server, playback.truncated());
}
