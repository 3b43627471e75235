import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { createServer, refuse, type ServerOptions } from '../shared/server.js';
import type { SipOptions } from './call.js';
import { Calls } from './calls.js';

export interface AppOptions extends SipOptions, ServerOptions {}

/**
 * Takes the calls that OpenAI announces to `POST /openai-webhook`. The client needs its `webhookSecret`. Closing it lets
 * every call say goodbye first.
 */
export function createApp(options: AppOptions): FastifyInstance {
  const app = createServer(options);
  const calls = new Calls(options, app.log);
  // The signature covers the body byte for byte.
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  app.addHook('preClose', () => calls.sayGoodbye());

  app.post<{ Body: string }>('/openai-webhook', { onRequest: onlySigned }, async ({ body, headers }, reply) => {
    const event = await options.client.webhooks.unwrap(body, asHeaders(headers)).catch(() => null);
    if (!event) return refuse(reply, 400, UNSIGNED);
    if (event.type !== 'realtime.call.incoming') return reply.code(204).send();
    // Answers before the call ends, or OpenAI would deliver the webhook again.
    calls.take(event.data.call_id);
    return reply.code(200).send();
  });
  app.get('/health', () => ({ calls: calls.count }));
  return app;
}

const UNSIGNED = 'This is not signed by OpenAI.';
const SIGNATURE_HEADERS = ['webhook-id', 'webhook-timestamp', 'webhook-signature'];

/** Refuses unsigned requests. The signature covers the body, but without one the body is not even read. */
async function onlySigned({ headers }: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  return SIGNATURE_HEADERS.every((name) => headers[name]) ? undefined : refuse(reply, 400, UNSIGNED);
}

const asHeaders = (headers: Readonly<Record<string, string | string[] | undefined>>): Headers =>
  new Headers(Object.entries(headers).map(([name, value]) => [name, String(value)]));
