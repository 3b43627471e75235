import websocket, { type WebSocket } from '@fastify/websocket';
import type { AnySession } from 'gated-realtime';
import type { WsOptions } from 'gated-realtime/ws';
import fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyRequest } from 'fastify';
import { Call } from './call.js';
import { Calls } from './calls.js';
import type { CallLimits, Config } from './config.js';
import type { Office } from './office.js';
import { mayOperate } from './operator.js';
import { isFromTwilio, type FormFields } from './twilio-signature.js';
import { readStreamMessage, twiml, TwilioStream } from './twilio-stream.js';

export interface AppOptions {
  readonly config: Pick<Config, 'twilio' | 'publicUrl' | 'operatorToken'>;
  readonly office: Office;
  /** How each call reaches the model, and what it may take. */
  readonly serve: (callSid: string) => { readonly openai: WsOptions; readonly limits: CallLimits };
  readonly logLevel?: 'info' | 'error' | 'silent' | undefined;
  readonly onSession?: ((callSid: string, session: AnySession, gone: AbortSignal) => void) | undefined;
}

const START_TIMEOUT_MS = 10_000;
/** No message of Twilio's comes near it. */
const MAX_MESSAGE_BYTES = 64 * 1024;

/** The server, not yet listening. Closing it lets every call say goodbye first. */
export async function createApp(options: AppOptions): Promise<FastifyInstance> {
  const calls = new Calls();
  const app = fastify({ logger: { level: options.logLevel ?? 'info' }, forceCloseConnections: true });
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => {
    done(null, Object.fromEntries(new URLSearchParams(String(body))));
  });
  app.addHook('preClose', () => calls.sayGoodbye());
  await app.register(websocket, { options: { maxPayload: MAX_MESSAGE_BYTES } });
  addWebhooks(app, options, calls);
  addMediaStream(app, options, calls);
  addOperator(app, options, calls);
  app.get('/health', () => ({ calls: calls.count }));
  return app;
}

type Webhook = { Body: FormFields };

function addWebhooks(app: FastifyInstance, { config, office }: AppOptions, calls: Calls): void {
  const signed = { preHandler: onlyTwilio(config, 'https:') };
  app.post<Webhook>('/incoming-call', signed, async ({ body }, reply) => {
    const { CallSid: callSid, From: caller = 'unknown' } = body;
    if (!callSid) return reply.code(400).send({ error: 'CallSid is missing.' });
    calls.expect(callSid, caller);
    return reply.type('text/xml').send(twiml.connect(addressOf(config, '/media', 'wss:'), '/call-ended'));
  });
  app.post<Webhook>('/call-ended', signed, async ({ body }, reply) => {
    const callSid = body['CallSid'] ?? '';
    await calls.get(callSid)?.ended;
    const failed = (await office.endingOf(callSid)) === 'failed';
    const last = failed ? twiml.say('We are sorry, there is a technical problem. Please call again.') : twiml.hangUp();
    return reply.type('text/xml').send(last);
  });
}

function addMediaStream(app: FastifyInstance, options: AppOptions, calls: Calls): void {
  const signed = { websocket: true, preValidation: onlyTwilio(options.config, 'wss:') } as const;
  app.get('/media', signed, (socket, request) => {
    let call: Call | null = null;
    const tooLate = setTimeout(() => socket.close(1008, 'No start message came.'), START_TIMEOUT_MS);
    socket.on('message', (data) => {
      const message = readStreamMessage((data as Buffer).toString('utf8'));
      if (message?.event === 'start') {
        clearTimeout(tooLate);
        call ??= answer(options, calls, socket, message.start, request.log);
      } else if (message) call?.take(message);
    });
    socket.on('error', (error) => request.log.error({ error }, 'the stream failed'));
    socket.on('close', () => {
      clearTimeout(tooLate);
      call?.leave('the connection to the caller was lost');
    });
  });
}

interface Start {
  readonly callSid: string;
  readonly streamSid: string;
}

function answer(
  options: AppOptions,
  calls: Calls,
  socket: WebSocket,
  { callSid, streamSid }: Start,
  log: FastifyBaseLogger,
): Call | null {
  const caller = calls.claim(callSid);
  if (caller === null) {
    socket.close(1008, 'This call was not announced, or comes too late.');
    return null;
  }
  const call = new Call({
    callSid,
    caller,
    office: options.office,
    stream: new TwilioStream(socket, streamSid),
    ...options.serve(callSid),
    log: log.child({ callSid }),
    onSession: (session, gone) => options.onSession?.(callSid, session, gone),
  });
  calls.add(callSid, call);
  return call;
}

function addOperator(app: FastifyInstance, { config }: AppOptions, calls: Calls): void {
  const allowed = { preHandler: mayOperate(config.operatorToken) };
  type Named = { Params: { callSid: string } };
  app.put<Named>('/calls/:callSid/operator', allowed, async ({ params }, reply) => {
    const call = calls.get(params.callSid);
    await call?.takeOver();
    return reply.code(call ? 204 : 404).send();
  });
  app.delete<Named>('/calls/:callSid/operator', allowed, async ({ params }, reply) => {
    const call = calls.get(params.callSid);
    await call?.giveBack();
    return reply.code(call ? 204 : 404).send();
  });
}

function addressOf({ publicUrl }: Pick<Config, 'publicUrl'>, path: string, protocol: 'https:' | 'wss:'): string {
  const address = new URL(path, publicUrl);
  return `${protocol}//${address.host}${address.pathname}${address.search}`;
}

/** Lets nobody else in: anybody could otherwise have the model speak at our cost. */
const onlyTwilio =
  (config: AppOptions['config'], protocol: 'https:' | 'wss:') =>
  async (request: FastifyRequest): Promise<void> => {
    const url = addressOf(config, request.url, protocol);
    const signature = request.headers['x-twilio-signature'];
    const fields = protocol === 'https:' ? (request.body as FormFields) : {};
    if (isFromTwilio(config.twilio.authToken, signature, url, fields)) return;
    throw Object.assign(new Error('This is not signed by Twilio.'), { statusCode: 403 });
  };
