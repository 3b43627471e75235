import type { WebSocket } from '@fastify/websocket';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import type { AppParts } from './app.js';
import { Call } from './call.js';
import { signedStream } from './twilio-access.js';
import { readStreamMessage, TwilioStream, type StreamMessage } from './twilio-stream.js';

const START_TIMEOUT_MS = 10_000;

/** Adds the WebSocket route on which Twilio streams the audio of each call. */
export function addMediaStream(app: FastifyInstance, parts: AppParts): void {
  app.get('/media', { websocket: true, ...signedStream(parts.config) }, (socket, { log }) => {
    followStream(socket, log, (start) => answer(parts, socket, start, log));
  });
}

type Start = Extract<StreamMessage, { event: 'start' }>['start'];

/**
 * Passes the messages of one socket to the call that its first `start` names; null from `answer` refuses the stream.
 */
function followStream(socket: WebSocket, log: FastifyBaseLogger, answer: (start: Start) => Call | null): void {
  let call: Call | 'not started' | 'refused' = 'not started';
  const refuse = (code: number, why: string): void => {
    call = 'refused';
    socket.close(code, why);
  };
  const tooLate = setTimeout(() => refuse(1008, 'No start message came.'), START_TIMEOUT_MS);
  const take = (message: StreamMessage): void => {
    if (call instanceof Call) return call.take(message);
    if (call === 'refused' || message.event !== 'start') return;
    clearTimeout(tooLate);
    call = answer(message.start) ?? 'refused';
    if (call === 'refused') refuse(1008, 'This call was not announced, has its stream already, or comes too late.');
  };
  socket.on('message', (data) => {
    try {
      const message = readStreamMessage((data as Buffer).toString('utf8'));
      if (message) take(message);
    } catch (err) {
      log.error({ err }, 'a message of the stream could not be dealt with');
      socket.close(1011, 'The agent has failed.');
    }
  });
  socket.on('error', (err) => log.error({ err }, 'the stream failed'));
  socket.on('close', () => {
    clearTimeout(tooLate);
    if (call instanceof Call) call.leave('the connection to the caller was lost');
    else call = 'refused';
  });
}

function answer(
  { calls, office, today, serve, onSession }: AppParts,
  socket: WebSocket,
  { callSid, streamSid }: Start,
  log: FastifyBaseLogger,
): Call | null {
  const caller = calls.claim(callSid);
  if (caller === null) return null;
  const call = new Call({
    callSid,
    caller,
    office,
    today,
    stream: new TwilioStream(socket, streamSid),
    ...serve(callSid),
    log: log.child({ callSid }),
    onSession: (session, gone) => onSession?.(callSid, session, gone),
  });
  calls.add(callSid, call);
  return call;
}
