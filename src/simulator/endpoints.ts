import type { Server, JsonObject } from './server/index.js';
import { isKeyRight } from './server/connect.js';
import { newId } from './server/ids.js';
import { requestSession } from './server/request.js';
import type { Complaint, Rule } from './server/schema.js';
import { check, missing, unknownParameter } from './server/schema.js';
import { isObject, textOr, under } from './server/wire.js';
import type { EphemeralKeys } from './ephemeral-keys.js';

/** An HTTP request, completely read. */
export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly contentType: string;
  readonly apiKey: string | undefined;
  readonly body: Buffer;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The running calls. */
export interface Calls {
  begin(callId: string, session: JsonObject): void;
  /** Ends a call; returns whether it existed. */
  hangUp(callId: string): boolean;
}

export interface HttpContext {
  /** A machine without a session, for ids, the time and the faults. */
  readonly server: Server;
  readonly keys: EphemeralKeys;
  readonly calls: Calls;
}

interface Endpoint {
  readonly path: RegExp;
  readonly answer: (desk: HttpContext, request: HttpRequest, callId: string) => HttpAnswer;
}

/** The HTTP endpoints, all of them POST. */
const endpoints: readonly Endpoint[] = [
  { path: /\/realtime\/client_secrets$/, answer: createSecret },
  { path: /\/realtime\/calls$/, answer: createCall },
  { path: /\/realtime\/calls\/([^/]+)\/accept$/, answer: acceptCall },
  { path: /\/realtime\/calls\/([^/]+)\/reject$/, answer: () => done },
  { path: /\/realtime\/calls\/([^/]+)\/refer$/, answer: endCall },
  { path: /\/realtime\/calls\/([^/]+)\/hangup$/, answer: endCall },
];

const done: HttpAnswer = { status: 200, body: '' };

/** Answers a request; null if its path has only a socket. */
export function answerHttp(desk: HttpContext, request: HttpRequest): HttpAnswer | null {
  for (const { path, answer } of endpoints) {
    const found = path.exec(request.path);
    if (!found) continue;
    if (request.method !== 'POST')
      return refused(405, { code: 'method_not_allowed', message: 'Use POST.', param: null });
    const refusal = refusalOf(desk, request);
    return refusal ?? answer(desk, request, found[1] ?? '');
  }
  return null;
}

function createSecret({ server, keys }: HttpContext, { body }: HttpRequest): HttpAnswer {
  const given = parse(body);
  const malformed = check(secretRule, given ?? null, '');
  if (malformed) return refused(400, malformed);
  const requested = requestSession(server, given?.['session'] ?? { type: 'realtime' });
  if ('code' in requested) return refused(400, requested);
  const seconds = under(given ?? {}, 'expires_after')['seconds'];
  const expiresAt = unixSecondsOf(server) + (typeof seconds === 'number' ? seconds : usualSeconds);
  const value = newId(server, 'ek');
  keys.add({ value, expiresAt, session: requested.settings });
  return json({ value, expires_at: expiresAt, session: requested.echo });
}

const usualSeconds = 600;

const secretRule: Rule = {
  is: 'object',
  keys: {
    expires_after: {
      is: 'object',
      keys: {
        anchor: { is: 'one-of', values: ['created_at'] },
        seconds: { is: 'number', from: 10, to: 7200, whole: true },
      },
    },
    session: { is: 'anything' },
  },
};

/** Reads an offer with a session beside it, or an offer alone, whose session comes from the ephemeral key. */
function createCall({ server, keys, calls }: HttpContext, request: HttpRequest): HttpAnswer {
  const { offer, session } = offerIn(request);
  if (!offer.startsWith('v=0')) return refused(400, { ...missing('sdp'), message: 'The body holds no SDP offer.' });
  const brought = keys.brings(request.apiKey, unixSecondsOf(server)).session;
  const requested = requestSession(server, session ?? brought ?? { type: 'realtime' });
  if ('code' in requested) return refused(400, requested);
  const callId = newId(server, 'rtc');
  calls.begin(callId, requested.settings);
  const headers = { 'content-type': 'application/sdp', location: `/v1/realtime/calls/${callId}` };
  return { status: 201, headers, body: answerTo(offer) };
}

function offerIn({ contentType, body }: HttpRequest) {
  const boundary = /^multipart\/form-data;.*boundary="?([^";]+)/.exec(contentType)?.[1];
  if (boundary === undefined) return { offer: body.toString('utf8'), session: null };
  const fields = fieldsIn(body.toString('utf8'), boundary);
  const session = fields.get('session');
  return { offer: fields.get('sdp') ?? '', session: session === undefined ? null : parse(Buffer.from(session)) };
}

/** The text fields of a form, by name. */
function fieldsIn(body: string, boundary: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const part of body.split(`--${boundary}`)) {
    const [head = '', ...rest] = part.split('\r\n\r\n');
    const name = /name="([^"]+)"/.exec(head)?.[1];
    if (name !== undefined) fields.set(name, rest.join('\r\n\r\n').replace(/\r\n$/, ''));
  }
  return fields;
}

/** Answers an offer by rejecting all media (port 0), because the simulator does not transport any. */
function answerTo(offer: string): string {
  const media = offer
    .split(/\r?\n/)
    .filter((line) => line.startsWith('m='))
    .map((line) => line.replace(/^(m=\S+) \d+/, '$1 0'));
  return ['v=0', 'o=- 0 0 IN IP4 127.0.0.1', 's=-', 't=0 0', ...media, ''].join('\r\n');
}

/** Settings that the real server refuses here and accepts in `session.update`: observed. */
const notOnAccept = ['threshold', 'prefix_padding_ms', 'silence_duration_ms'];

function acceptCall({ server, calls }: HttpContext, { body }: HttpRequest, callId: string): HttpAnswer {
  const given = parse(body);
  const detection = under(given ?? {}, 'audio', 'input', 'turn_detection');
  const early = notOnAccept.find((key) => detection[key] !== undefined);
  const requested = early
    ? unknownParameter(`session.audio.input.turn_detection.${early}`)
    : requestSession(server, given ?? undefined);
  if ('code' in requested) return refused(400, requested);
  calls.begin(callId, requested.settings);
  return done;
}

function endCall({ calls }: HttpContext, _: HttpRequest, callId: string): HttpAnswer {
  if (calls.hangUp(callId)) return done;
  return refused(404, { code: 'call_id_not_found', message: `No call '${callId}' was found.`, param: null });
}

/** The HTTP form of the `refusal` fault: the socket's close codes and error codes map to statuses. */
function refusalOf({ server, keys }: HttpContext, { apiKey }: HttpRequest): HttpAnswer | null {
  const { refusal } = server.faults;
  if (refusal !== null && typeof refusal !== 'object') {
    const status = String(refusal).startsWith('http') ? Number(String(refusal).slice(4)) : (statuses[refusal] ?? 400);
    return refused(status, { code: String(refusal), message: 'The request was refused.', param: null });
  }
  const { ephemeral } = keys.brings(apiKey, unixSecondsOf(server));
  const greeting = { ...(apiKey !== undefined && { apiKey }), ...(ephemeral && { ephemeral }) };
  if (isKeyRight(server, greeting)) return null;
  return refused(401, { code: 'invalid_api_key', message: 'Incorrect API key provided.', param: null });
}

const statuses: Readonly<Record<string, number>> = {
  3000: 401,
  invalid_api_key: 401,
  insufficient_permissions: 403,
  insufficient_quota: 429,
};

const unixSecondsOf = ({ options, now }: Server): number => options.unixSecondsAtZero + Math.floor(now / 1000);

const json = (value: JsonObject): HttpAnswer => ({
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
});

const refused = (status: number, { code, message, param }: Complaint): HttpAnswer => ({
  ...json({ error: { type: 'invalid_request_error', code, message, param } }),
  status,
});

function parse(body: Buffer): JsonObject | null {
  try {
    const given: unknown = JSON.parse(textOr(body.toString('utf8'), ''));
    return isObject(given) ? given : null;
  } catch {
    return null;
  }
}
