import type { Action } from './schedule.js';
import { emit, emitNow, schedule } from './schedule.js';
import { audioClockMs } from './buffer.js';
import { beginSession, connect, disconnect, expire, hangUp } from './connect.js';
import { fatalFrame } from './counted.js';
import { generate } from './generate.js';
import { beginHosted, endHosted } from './hosted.js';
import type { Input, Output } from './input.js';
import { beginListing, endListing } from './listing.js';
import { announce } from './place.js';
import { endPlayback } from './playback.js';
import { receiveBinary, receiveText } from './receive.js';
import { announceResponse, responseById } from './respond.js';
import type { Server, Session } from './state.js';
import { emitTranscriptDelta, emitTranscriptFailed, finishTranscript, releaseTranscript } from './transcription.js';
import { answerWaitingTurn, beginSpeech, callerActs, endSpeech, idleTimeout } from './turn.js';

/**
 * One thing happens; returns all that comes of it now, in order. What was due before `input.now` is done first; what is
 * due exactly now waits for a `tick`, so that two things at one instant can be put in either order.
 *
 * @example
 * ```ts
 * const machine = createServer();
 * step(machine, { type: 'connect', now: 0, connection: 'c1', model: 'gpt-realtime-2.1' });
 * const outputs = step(machine, { type: 'tick', now: nextDue(machine) ?? 0 });
 * ```
 */
export function step(server: Server, input: Input): readonly Output[] {
  const before = Math.max(server.now, input.now);
  runDue(server, (at) => at < before, Infinity);
  server.now = before;
  if (server.session && server.now >= server.session.expiresAt) expire(server);
  const happen = happenings[input.type] as (server: Server, input: Input) => void;
  happen(server, input);
  dieAtFrame(server);
  const outputs = server.outputs;
  server.outputs = [];
  return outputs;
}

/**
 * Returns when the next `tick` should come, at the latest; null: nothing is pending.
 *
 * @example
 * ```ts
 * const machine = createServer();
 * step(machine, { type: 'connect', now: 0, connection: 'c1', model: 'gpt-realtime-2.1' });
 * console.log(nextDue(machine));
 * ```
 */
export const nextDue = (server: Server): number | null => server.agenda[0]?.at ?? null;

/** Whether only pings are pending, which are due as long as somebody is connected. */
export const hasOnlyPings = (server: Server): boolean => server.agenda.every(({ action }) => action.do === 'ping');

type InputOf<Type extends Input['type']> = Extract<Input, { type: Type }>;

/** The handler of each input. */
const happenings: { readonly [Type in Input['type']]: (server: Server, input: InputOf<Type>) => void } = {
  connect,
  disconnect: (server, { connection }) => disconnect(server, connection),
  text: receive,
  binary: receive,
  tick: (server, { atMost = Infinity }) => runDue(server, (at) => at <= server.now, atMost),
  reply: (server, { reply }) => void server.replies.push(reply),
  hosts(server, { label, hosted }) {
    server.hosted = { ...server.hosted, [label]: hosted };
  },
  call: beginSession,
  faults(server, { faults }) {
    server.faults = { ...server.faults, ...faults };
  },
  inject: (server, { event }) => emit(server, event),
  expire,
  'hang-up': hangUp,
  die(server) {
    for (const { id } of server.connections) endConnection(server, id, null);
  },
  stall(server) {
    for (const { id } of server.connections) server.outputs.push({ type: 'stall', connection: id });
  },
  caller(server, does) {
    if (server.session) callerActs(server, server.session, does);
  },
};

/** Handles a client's frame, and ignores one from a closed connection. */
function receive(server: Server, input: InputOf<'text' | 'binary'>): void {
  const connection = server.connections.find(({ id }) => id === input.connection);
  if (!connection || !server.session) return;
  connection.heardAt = server.now;
  if (input.type === 'text') receiveText(server, server.session, input.connection, input.text);
  else receiveBinary(server, input.connection);
}

/** Runs due entries, each at its own time, however late the tick. */
function runDue(server: Server, isDue: (at: number) => boolean, atMost: number): void {
  for (let count = 0; count < atMost; count += 1) {
    const due = server.agenda[0];
    if (!due || !isDue(due.at)) return;
    server.agenda.shift();
    server.now = Math.max(server.now, due.at);
    if (!server.session) continue;
    const act = actions[due.action.do] as (server: Server, session: Session, action: Action) => void;
    act(server, server.session, due.action);
  }
}

type ActionOf<Name extends Action['do']> = Extract<Action, { do: Name }>;

/** The handler of each agenda entry. */
const actions: {
  readonly [Name in Action['do']]: (server: Server, session: Session, action: ActionOf<Name>) => void;
} = {
  emit: (server, _, { event, connection }) => emitNow(server, event, connection),
  announce,
  create: (server, session, { response }) => announceResponse(server, session, response),
  generate(server, session, action) {
    const response = responseById(session, action.response);
    if (response) generate(server, session, response);
  },
  'speech-begins': (server, session, { utterance }) =>
    beginSpeech(server, session, audioClockMs(server, session), utterance),
  'speech-ends': (server, session, { utterance }) => endSpeech(server, session, utterance),
  'transcript-delta': (server, _, { item, text }) => emitTranscriptDelta(server, item, text),
  'transcript-done': finishTranscript,
  'transcript-failed': (server, _, { item, code }) => emitTranscriptFailed(server, item, code),
  'release-transcript': releaseTranscript,
  'answer-turn': answerWaitingTurn,
  'listing-begins': beginListing,
  'listing-ends': endListing,
  'hosted-begins': beginHosted,
  'hosted-ends': endHosted,
  idle: (server, session, { activity }) => idleTimeout(server, session, activity),
  'playback-ends': (server, session, { response }) => endPlayback(server, session, response),
  expire,
  ping: (server, _, { connection }) => ping(server, connection),
  die: (server, _, { connection }) => endConnection(server, connection, null),
  'idle-close': (server, _, { connection }) => closeIfIdle(server, connection),
};

function ping(server: Server, connection: string): void {
  const everyMs = server.options.pingEveryMs;
  if (everyMs === null) return;
  schedule(server, everyMs, { do: 'ping', connection });
  if (!server.faults.noPing) server.outputs.push({ type: 'ping', connection });
}

function closeIfIdle(server: Server, id: string): void {
  const connection = server.connections.find((each) => each.id === id);
  if (!connection) return;
  const leftMs = connection.heardAt + (server.faults.idleCloseMs ?? Infinity) - server.now;
  if (leftMs <= 0) endConnection(server, id, 1000);
  else if (leftMs < Infinity) schedule(server, leftMs, { do: 'idle-close', connection: id });
}

/** Kills a connection in place of the frame that is fatal. */
function dieAtFrame(server: Server): void {
  const fatal = fatalFrame(server);
  if (!fatal) return;
  const from = server.outputs.indexOf(fatal);
  server.outputs = server.outputs.filter(({ connection }, at) => at < from || connection !== fatal.connection);
  endConnection(server, fatal.connection, null);
}

/** Ends a connection whose socket has ended, and the session if it was the last. */
function endConnection(server: Server, connection: string, code: number | null): void {
  server.outputs.push({ type: 'close', connection, code, reason: '' });
  disconnect(server, connection);
}
