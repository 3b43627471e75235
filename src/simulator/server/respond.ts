import { emit, schedule } from './agenda.js';
import { firstComplaint, standingOf } from './checks.js';
import type { Culprit } from './errors.js';
import { complain, refuse } from './errors.js';
import { endCancelled } from './end.js';
import { newEvent } from './events.js';
import { newId } from './ids.js';
import { listHostedTools } from './listing.js';
import { answer } from './persona.js';
import { planBeats } from './plan.js';
import { responseObject } from './response-object.js';
import type { Complaint } from './schema.js';
import type { ActiveResponse, ResponseSettings, Server, Session } from './state.js';
import type { ClientFrame, JsonObject } from './wire.js';
import { copy, isArray, isObject, textOr, under } from './wire.js';

/** Handles `response.create`. */
export function createResponse(server: Server, session: Session, event: ClientFrame, culprit: Culprit): void {
  const params = under(event, 'response');
  const { faults } = server;
  const asked = { at: 'response', given: params, standing: standingOf(session), faults } as const;
  const complaint = firstComplaint(asked) ?? roomFor(server, session, params);
  if (complaint) {
    refuse(server, culprit, complaint);
    return;
  }
  accept(server, session, 'client', params, server.options.latency.create);
}

/** Begins an automatic answer if the slot is free. */
export function answerByItself(server: Server, session: Session, source: 'vad' | 'idle'): void {
  if (session.slot !== null) {
    session.turnWaits = server.faults.vadWhileActive === 'queue';
    return;
  }
  const { latency } = server.options;
  accept(server, session, source, {}, server.faults.conflictErrorBeforeCreated ? latency.create : latency.automatic);
}

/** Accepts a response: it takes the slot at once, before it is announced. */
function accept(
  server: Server,
  session: Session,
  source: ActiveResponse['source'],
  params: JsonObject,
  afterMs: number,
): void {
  const outOfBand = params['conversation'] === 'none';
  const response: ActiveResponse = {
    id: newId(server, 'resp'),
    source,
    outOfBand,
    phase: 'accepted',
    settings: settingsOf(session, params),
    sees: session.items.map(({ id }) => id),
    reply: null,
    beats: [],
    cursor: 0,
    createdAt: server.now,
    output: [],
  };
  session.responses.push(response);
  if (!outOfBand) {
    session.activity += 1;
    session.slot = response.id;
  }
  schedule(server, afterMs, { do: 'create', response: response.id });
  listHostedTools(server, { tools: response.settings.tools, before: session.config.tools, afterMs });
}

/** Sends `response.created`: from here on the client knows the response. */
export function announceResponse(server: Server, session: Session, id: string): void {
  const response = responseById(session, id);
  if (response?.phase !== 'accepted') return;
  response.phase = 'created';
  response.createdAt = server.now;
  if (server.faults.contextAt === 'created' && response.source !== 'client') {
    response.sees = session.items.map((item) => item.id);
  }
  if (!server.faults.dropCreated) {
    emit(
      server,
      newEvent(server, 'response.created', { response: responseObject(session, response, 'in_progress', null, null) }),
    );
  }
  if (session.cancelPending && !response.outOfBand) {
    session.cancelPending = false;
    endCancelled(server, session, response, 'client_cancelled');
    return;
  }
  const { beats, reply } = planBeats(
    answer(server, session, response),
    response.settings,
    server.options,
    server.faults.audioBurstFactor,
  );
  response.beats = beats;
  response.reply = reply;
  schedule(server, beats[0]?.at ?? 0, { do: 'generate', response: id });
}

/** Handles `response.cancel`: by id, or of the response that holds the slot. */
export function cancelResponse(server: Server, session: Session, event: ClientFrame, culprit: Culprit): void {
  const asked = event['response_id'];
  const response = responseById(session, textOr(asked, session.slot ?? ''));
  if (response && response.phase !== 'accepted') {
    endCancelled(server, session, response, 'client_cancelled');
    return;
  }
  if (typeof asked !== 'string' && server.faults.cancelHitsNext) {
    session.cancelPending = true;
    return;
  }
  if (response && server.faults.cancelBeforeCreated === 'silent') return;
  const message = 'Cancellation failed: no active response found';
  refuse(server, culprit, complain('response_cancel_not_active', message));
}

export const responseById = (session: Session, id: string): ActiveResponse | undefined =>
  session.responses.find((response) => response.id === id);

function roomFor(server: Server, session: Session, params: JsonObject): Complaint | null {
  if (params['conversation'] === 'none') {
    const limit = server.faults.maxOutOfBand;
    const running = session.responses.filter(({ outOfBand }) => outOfBand).length;
    if (limit === null || running < limit) return null;
    return complain('rate_limit_exceeded', `At most ${limit} responses may run beside the conversation at once.`);
  }
  if (session.slot === null) return null;
  const message = `Conversation already has an active response in progress: ${session.slot}. Wait until the response is finished before creating a new one.`;
  return complain('conversation_already_has_active_response', message);
}

function settingsOf(session: Session, params: JsonObject): ResponseSettings {
  const { config } = session;
  const modalities = isArray(params['output_modalities']) ? params['output_modalities'] : config.output_modalities;
  const output = under(params, 'audio', 'output');
  const most = params['max_output_tokens'] ?? config.max_output_tokens;
  return {
    modality: modalities[0] === 'text' ? 'text' : 'audio',
    maxOutputTokens: typeof most === 'number' ? most : 'inf',
    format: copy(isObject(output['format']) ? output['format'] : config.audio.output.format),
    voice: copy(output['voice'] ?? config.audio.output.voice),
    metadata: copy(params['metadata'] ?? null),
    input: isArray(params['input']) ? copy(params['input']) : null,
    model: config.model,
    instructions: textOr(params['instructions'], config.instructions),
    tools: isArray(params['tools']) ? copy(params['tools']) : config.tools,
  };
}
