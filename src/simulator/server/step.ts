import type { Action } from './agenda.js';
import { emit, emitNow, schedule } from './agenda.js';
import { audioClockMs } from './buffer.js';
import { closeAll, connect, disconnect, expire, hangUp } from './connect.js';
import { generate } from './generate.js';
import type { Input, Output } from './input.js';
import { endPlayback } from './playback.js';
import { receiveBinary, receiveText } from './receive.js';
import { announceResponse, responseById } from './respond.js';
import type { Server, Session } from './state.js';
import { emitTranscriptDelta, emitTranscriptFailed, finishTranscript, releaseTranscript } from './transcription.js';
import { answerWaitingTurn, beginSpeech, callerActs, endSpeech, idleTimeout } from './turn.js';

/**
 * One thing happens; returns all that comes of it now, in order. What was due before `input.now` is done first; what is
 * due exactly now waits for a `tick`, so that two things at one instant can be put in either order.
 */
export function step(server: Server, input: Input): readonly Output[] {
  const before = Math.max(server.now, input.now);
  runDue(server, (at) => at < before, Infinity);
  server.now = before;
  if (server.session && server.now >= server.session.expiresAt) expire(server);
  happen(server, input);
  const outputs = server.outputs;
  server.outputs = [];
  return outputs;
}

/** When the next `tick` should come, at the latest; null: nothing is pending. */
export const nextDue = (server: Server): number | null => server.agenda[0]?.at ?? null;

function happen(server: Server, input: Input): void {
  switch (input.type) {
    case 'connect':
      return connect(server, input);
    case 'disconnect':
      return disconnect(server, input.connection);
    case 'text':
    case 'binary':
      return receive(server, input);
    case 'tick':
      return runDue(server, (at) => at <= server.now, input.atMost ?? Infinity);
    case 'reply':
      server.replies.push(input.reply);
      return;
    case 'faults':
      server.faults = { ...server.faults, ...input.faults };
      return;
    case 'inject':
      return emit(server, input.event);
    case 'expire':
      return expire(server);
    case 'hang-up':
      return hangUp(server);
    case 'die':
      return closeAll(server, null, '');
    case 'caller':
      return server.session ? callerActs(server, server.session, input) : undefined;
  }
}

/** What a connection says that is not there any more is not heard. */
function receive(server: Server, input: Extract<Input, { type: 'text' | 'binary' }>): void {
  const connection = server.connections.find(({ id }) => id === input.connection);
  if (!connection || !server.session) return;
  connection.heardAt = server.now;
  if (input.type === 'text') receiveText(server, server.session, input.connection, input.text);
  else receiveBinary(server, input.connection);
}

/** Each entry is done at its own time, whenever somebody comes to look. */
function runDue(server: Server, isDue: (at: number) => boolean, atMost: number): void {
  for (let count = 0; count < atMost; count += 1) {
    const due = server.agenda[0];
    if (!due || !isDue(due.at)) return;
    server.agenda.shift();
    server.now = Math.max(server.now, due.at);
    act(server, due.action);
  }
}

function act(server: Server, action: Action): void {
  switch (action.do) {
    case 'emit':
      return emitNow(server, action.event, action.connection);
    case 'ping':
      return ping(server, action.connection);
    case 'expire':
      return expire(server);
    case 'die':
    case 'idle-close':
      return endConnection(server, action);
    default:
      return server.session ? actInSession(server, server.session, action) : undefined;
  }
}

type SessionAction = Exclude<Action, { do: 'emit' | 'ping' | 'expire' | 'die' | 'idle-close' }>;

function actInSession(server: Server, session: Session, action: SessionAction): void {
  switch (action.do) {
    case 'create':
      return announceResponse(server, session, action.response);
    case 'generate': {
      const response = responseById(session, action.response);
      return response && generate(server, session, response);
    }
    case 'speech-begins':
      return beginSpeech(server, session, audioClockMs(server, session), action.utterance);
    case 'speech-ends':
      return endSpeech(server, session, action.utterance);
    case 'transcript-delta':
      return emitTranscriptDelta(server, action.item, action.text);
    case 'transcript-done':
      return finishTranscript(server, session, action);
    case 'transcript-failed':
      return emitTranscriptFailed(server, action.item, action.code);
    case 'release-transcript':
      return releaseTranscript(server, session);
    case 'answer-turn':
      return answerWaitingTurn(server, session);
    case 'idle':
      return idleTimeout(server, session, action.activity);
    case 'playback-ends':
      return endPlayback(server, session, action.response);
  }
}

function ping(server: Server, connection: string): void {
  const everyMs = server.options.pingEveryMs;
  if (everyMs === null) return;
  schedule(server, everyMs, { do: 'ping', connection });
  if (!server.faults.noPing) server.outputs.push({ type: 'ping', connection });
}

/** A socket that dies takes its connection with it, and the session if nobody else is there. */
function endConnection(server: Server, action: Extract<Action, { do: 'die' | 'idle-close' }>): void {
  const connection = server.connections.find(({ id }) => id === action.connection);
  if (!connection) return;
  const idleMs = server.faults.idleCloseMs;
  if (action.do === 'idle-close' && idleMs !== null && connection.heardAt + idleMs > server.now) {
    return schedule(server, connection.heardAt + idleMs - server.now, action);
  }
  const code = action.do === 'die' ? null : 1000;
  server.outputs.push({ type: 'close', connection: connection.id, code, reason: '' });
  disconnect(server, connection.id);
}
