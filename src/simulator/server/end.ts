import { callOff, emit, schedule } from './schedule.js';
import { contextOf, outputContext } from './context.js';
import { dialects } from './dialects.js';
import { newEvent } from './events.js';
import type { Faults } from './faults.js';
import { runHostedCalls } from './hosted.js';
import { closingEvents, stragglers } from './output.js';
import { playbackLeftMs } from './playback.js';
import { responseObject } from './response-object.js';
import type { ActiveResponse, Server, Session } from './state.js';
import { noUsage, totalOf, usageOf } from './usage.js';
import type { Json, JsonObject, ServerFrame } from './wire.js';

/** Ends a response that has produced all of its output. */
export function endAsPlanned(server: Server, session: Session, response: ActiveResponse): void {
  const { status = 'completed', code = 'server_error', message, reason = 'max_output_tokens' } = response.reply ?? {};
  const details: Record<typeof status, Json> = {
    completed: null,
    incomplete: { type: 'incomplete', reason },
    failed: {
      type: 'failed',
      error: { type: failureType(code), code, message: message ?? failureMessage(code) },
    },
  };
  const used = response.output.length === 0 && status === 'failed' ? noUsage() : usageOf(session, response);
  end(server, session, response, status, details[status], used, []);
}

/** Ends a cancelled response: open items are closed as they are. */
export function endCancelled(
  server: Server,
  session: Session,
  response: ActiveResponse,
  reason: 'turn_detected' | 'client_cancelled',
): void {
  const late = stragglers(server, session, response);
  const tail =
    server.faults.cancelTail === 'full'
      ? closeAll(server, session, response)
      : closeSilently(server, session, response);
  const untouched = response.output.length === 0 && server.faults.cancelledUsage === 'zero';
  const used = untouched ? noUsage() : usageOf(session, response);
  end(server, session, response, 'cancelled', { type: 'cancelled', reason }, used, [...late, ...tail]);
}

const closeAll = (server: Server, session: Session, response: ActiveResponse): ServerFrame[] =>
  response.output.flatMap((item) => (item.open ? closingEvents(server, session, response, item, 'incomplete') : []));

function closeSilently(server: Server, session: Session, response: ActiveResponse): ServerFrame[] {
  closeAll(server, session, response);
  return [];
}

/** Ends a response and frees the slot at once; with `lateDone`, clients hear of it later. */
function end(
  server: Server,
  session: Session,
  response: ActiveResponse,
  status: string,
  details: Json,
  used: JsonObject,
  before: readonly ServerFrame[],
): void {
  const done = newEvent(server, 'response.done', {
    response: responseObject(session, response, status, details, used),
  });
  const read = contextOf(session, response);
  remove(server, session, response);
  session.cache = [...read, ...outputContext(session, response)];
  session.tokensLeft = Math.max(0, session.tokensLeft - totalOf(used));
  const late = server.faults.lateDone;
  const tail = [...before, done];
  for (const [index, event] of tail.entries()) {
    if (late > 0) schedule(server, (late * (index + 1)) / tail.length, { do: 'emit', event, connection: null });
    else emit(server, event);
  }
  if (limitsTold(server) === 'after' && status === 'completed') {
    schedule(server, late + server.options.latency.rateLimits, {
      do: 'emit',
      event: rateLimits(server, session),
      connection: null,
    });
  }
  runHostedCalls(server, response, late);
  if (response.outOfBand) return;
  const left = late + playbackLeftMs(server, session, response);
  if (response.source !== 'idle' || server.faults.idleTimeouts === 'repeated') armIdle(server, session, left);
  if (session.turnWaits) schedule(server, 0, { do: 'answer-turn' });
}

/** Removes a response without any event. */
export function remove(server: Server, session: Session, { id }: ActiveResponse): void {
  session.responses = session.responses.filter((each) => each.id !== id);
  if (session.slot === id) session.slot = null;
  callOff(server, (action) => (action.do === 'create' || action.do === 'generate') && action.response === id);
}

/** When, if ever, what is left of the limits is told. */
export const limitsTold = ({ options, faults }: Server): Faults['rateLimits'] =>
  dialects[options.dialect].limits === 'told' ? faults.rateLimits : 'never';

export const rateLimits = (server: Server, session: Session): ServerFrame =>
  newEvent(server, 'rate_limits.updated', {
    rate_limits: [{ name: 'tokens', limit: 15_000_000, remaining: session.tokensLeft, reset_seconds: 0.002 }],
  });

function armIdle(server: Server, session: Session, afterMs: number): void {
  const idleMs = session.config.audio.input.turn_detection?.['idle_timeout_ms'];
  session.activity += 1;
  if (typeof idleMs !== 'number') return;
  schedule(server, afterMs + idleMs, { do: 'idle', activity: session.activity });
}

const failureType = (code: string): string =>
  code === 'server_error' ? 'server_error' : code.includes('quota') ? 'insufficient_quota' : 'invalid_request_error';

const failureMessages: Readonly<Record<string, string>> = {
  server_error: 'The server had an error while processing your request. Sorry about that! Please retry.',
  rate_limit_exceeded: 'Rate limit reached for the model on tokens per min (TPM). Please try again in 2s.',
  insufficient_quota: 'You exceeded your current quota, please check your plan and billing details.',
};

const failureMessage = (code: string): string => failureMessages[code] ?? `The response failed: ${code}.`;
