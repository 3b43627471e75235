import { acknowledge, callOff, emit, emitTo, schedule } from './schedule.js';
import { turnAway, type TurnedAway } from './counted.js';
import { dialects } from './dialects.js';
import { complain, errorEvent } from './errors.js';
import { newEvent } from './events.js';
import type { Refusal, RefusalCode } from './faults.js';
import { newId } from './ids.js';
import type { Greeting } from './input.js';
import { hourMs } from './options.js';
import { listHostedTools } from './listing.js';
import { isTranscriptionModel } from './models.js';
import { echoOf, firstConfig, firstTranscriptionConfig, merge } from './session-config.js';
import type { Server, Session } from './state.js';
import { textOr } from './wire.js';

/** Handles an arriving client: refuses it, begins its session, or lets it join the existing one. */
export function connect(server: Server, greeting: Greeting): void {
  const away = greeting.turnedAway ?? turnAway(server, [{ server }]);
  const refusal = away?.by ?? objection(server, greeting);
  if (refusal !== null) {
    refuseConnection(server, greeting, { by: refusal, afterMs: away?.afterMs ?? 0 });
    return;
  }
  const sideband = greeting.callId !== undefined;
  if (!sideband || !server.session) beginSession(server, greeting);
  const id = greeting.connection;
  server.connections.push({ id, kind: sideband ? 'sideband' : 'direct', openedAt: server.now, heardAt: server.now });
  const { session } = server;
  if (!sideband && session) {
    const created = newEvent(server, 'session.created', { session: echoOf(session.config, server.faults) });
    acknowledge(server, server.options.latency.connect, [created], id);
  }
  if (server.faults.die1006 !== null) schedule(server, server.faults.die1006, { do: 'die', connection: id });
  if (server.options.pingEveryMs !== null) schedule(server, server.options.pingEveryMs, { do: 'ping', connection: id });
  if (server.faults.idleCloseMs !== null)
    schedule(server, server.faults.idleCloseMs, { do: 'idle-close', connection: id });
}

/** What a session begins with. */
type Wanted = Pick<Greeting, 'model' | 'intent' | 'session' | 'callId'>;

/** Begins a new, empty conversation, and disconnects the clients of the old one. */
export function beginSession(server: Server, wanted: Wanted): void {
  const { model, callId = null, session: settings = {} } = wanted;
  closeAll(server, null, '');
  server.endedCalls = server.endedCalls.filter((each) => each !== callId);
  server.acknowledgedUntil = server.now;
  const lifetime = server.options.lifetimeMs ?? hourMs;
  const expiresAtSeconds = server.options.unixSecondsAtZero + Math.floor((server.now + lifetime) / 1000);
  const id = newId(server, 'sess');
  const name = model ?? textOr(settings['model'], server.options.model);
  const first = writesOnly(wanted)
    ? firstTranscriptionConfig(id, expiresAtSeconds)
    : firstConfig(id, name, expiresAtSeconds);
  const session: Session = {
    id,
    callId,
    conversationId: newId(server, 'conv'),
    startedAt: server.now,
    expiresAt: server.now + lifetime,
    config: merge(first, settings),
    items: [],
    slot: null,
    responses: [],
    buffer: { ms: 0, totalMs: 0, said: null },
    turn: null,
    callerBusyUntil: server.now,
    turnWaits: false,
    cancelPending: false,
    assistantAudio: false,
    playing: null,
    cache: [],
    activity: 0,
    heldTranscript: null,
    transcriptCount: 0,
    tokensLeft: 15_000_000,
    approvals: [],
  };
  server.session = session;
  listHostedTools(server, { tools: session.config.tools, before: [], afterMs: server.options.latency.connect });
  if (server.options.lifetimeMs !== null) schedule(server, lifetime, { do: 'expire' });
}

/**
 * Whether this is a transcription session, without answers. Observed: a model in the address makes it a conversation
 * all the same.
 */
const writesOnly = ({ model, intent, session }: Wanted): boolean =>
  session?.['type'] === 'transcription' || (intent === 'transcription' && model === undefined);

/** The error code for refusing this client; null: it is admitted. */
function objection(server: Server, greeting: Greeting): Refusal | null {
  const { beta, callId, intent, session } = greeting;
  const rules = dialects[server.options.dialect];
  if (!isKeyRight(server, greeting)) return rules.wrongKey;
  if (beta) return 'beta_api_shape_disabled';
  const mayWrite = server.faults.transcriptionSessions === 'played';
  if (intent !== undefined && !(intent === 'transcription' && mayWrite)) return 'invalid_intent';
  if (callId !== undefined) return server.endedCalls.includes(callId) ? 'http404' : null;
  if (writesOnly(greeting)) return mayWrite ? null : 'invalid_intent';
  const model = greeting.model ?? textOr(session?.['model'], '');
  if (model === '') return 'missing_model';
  return rules.takesModel(model) ? null : 'invalid_model';
}

export function isKeyRight(
  { options }: Server,
  { apiKey, ephemeral }: Pick<Greeting, 'apiKey' | 'ephemeral'>,
): boolean {
  if (ephemeral !== undefined) return ephemeral === 'valid';
  return options.apiKeys === null || (apiKey !== undefined && options.apiKeys.includes(apiKey));
}

/**
 * Refuses after the socket is open, by an error and a close, as the real server does. Only a proxy refuses the upgrade.
 */
function refuseConnection(server: Server, greeting: Greeting, { by: refusal, afterMs }: TurnedAway): void {
  const { connection, apiKey, model } = greeting;
  if (typeof refusal === 'string' && refusal.startsWith('http')) {
    const status = Number(refusal.slice('http'.length));
    const [code, message] = upgradeRefusals[status] ?? ['server_error', 'The server is overloaded.'];
    server.outputs.push({ type: 'refuse', connection, status, code, message, afterMs });
    return;
  }
  const code = refusal === 3000 ? 'invalid_api_key' : refusal === 4000 ? 'invalid_model' : (refusal as RefusalCode);
  const { type = 'invalid_request_error', close = 4000, says } = refusals[code];
  const complaint = complain(code, says(code === 'invalid_api_key' ? (apiKey ?? '') : (model ?? '')));
  emitTo(server, connection, errorEvent(server, complaint, null, type));
  const closeCode = code === 'insufficient_quota' ? server.faults.quotaCloseCode : close;
  server.outputs.push({ type: 'close', connection, code: closeCode, reason: `${type}.${code}` });
}

const upgradeRefusals: Readonly<Record<number, readonly [string, string]>> = {
  400: ['invalid_request', 'The request is not understood.'],
  401: ['invalid_api_key', 'Access denied: the key is missing or wrong.'],
  404: ['call_id_not_found', 'No session was found for this call.'],
  403: ['forbidden', 'This region or project has no access.'],
  408: ['request_timeout', 'The request took too long.'],
  429: ['rate_limit_exceeded', 'Too many connections. Please try again later.'],
};

interface RefusalText {
  readonly type?: string;
  readonly close?: number;
  readonly says: (named: string) => string;
}

const refusals: Readonly<Record<RefusalCode, RefusalText>> = {
  invalid_api_key: { close: 3000, says: (key) => `Incorrect API key provided: ${masked(key)}.` },
  insufficient_permissions: { close: 3000, says: () => 'This key lacks a permission: api.model.realtime.' },
  missing_model: { says: () => 'You must provide a model parameter.' },
  invalid_model: {
    says: (model) =>
      isTranscriptionModel(model)
        ? `Model "${model}" is a transcription model and cannot be used as the realtime session model. Use a realtime model for the session model. Pass this transcription model as audio.input.transcription.model instead.`
        : `Model "${model}" is not supported in realtime mode.`,
  },
  invalid_intent: { says: () => 'This intent is not supported here: only conversations are.' },
  beta_api_shape_disabled: {
    says: () => 'The beta shape of this API is no longer supported. Leave out the OpenAI-Beta header.',
  },
  insufficient_quota: {
    type: 'insufficient_quota',
    says: () => 'You exceeded your current quota, please check your plan and billing details.',
  },
};

const masked = (key: string): string => (key === '' ? '(none)' : `${key.slice(0, 3)}***`);

export function disconnect(server: Server, connection: string): void {
  server.connections = server.connections.filter(({ id }) => id !== connection);
  callOff(server, (action) => 'connection' in action && action.connection === connection);
  if (server.connections.length === 0 && server.options.media === 'websocket') endSession(server);
}

/** Closes every connection and forgets the conversation. */
export function closeAll(server: Server, code: number | null, reason: string): void {
  for (const { id } of server.connections) server.outputs.push({ type: 'close', connection: id, code, reason });
  server.connections = [];
  endSession(server);
}

function endSession(server: Server): void {
  const { callId = null } = server.session ?? {};
  if (callId !== null) server.endedCalls = [...server.endedCalls, callId];
  server.session = null;
  server.agenda = [];
}

const expiryReason = 'Your session hit the maximum duration of 60 minutes.';

/** Ends the session at its maximum age. */
export function expire(server: Server): void {
  const onCall = server.options.media === 'webrtc';
  if (server.faults.expiry === 'errorFirst') {
    emit(server, errorEvent(server, complain('session_expired', expiryReason), null));
    closeAll(server, onCall ? null : 1001, onCall ? '' : expiryReason);
    return;
  }
  closeAll(server, 1001, server.faults.expiry === 'closeFirst' ? expiryReason : '');
}

/** Ends the call as when the caller hangs up: disconnects the sidebands, and drops everything pending. */
export function hangUp(server: Server): void {
  closeAll(server, server.faults.hangup === 1000 ? 1000 : null, '');
}
