import fastify, { type FastifyInstance } from 'fastify';
import { answer, type SipOptions } from './call.js';

export interface AppOptions extends SipOptions {
  readonly logLevel?: 'info' | 'silent' | undefined;
}

/** How many deliveries are remembered, so that one which comes twice is taken once. */
const REMEMBERED = 1_000;

/** Takes the calls that OpenAI announces to `POST /openai-webhook`. The client needs its `webhookSecret`. */
export function createApp(options: AppOptions): FastifyInstance {
  const app = fastify({ logger: { level: options.logLevel ?? 'info' } });
  const taken = new Set<string>();
  // What is signed is the body to the letter.
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => done(null, body));

  app.post<{ Body: string }>('/openai-webhook', async ({ body, headers, log }, reply) => {
    const event = await options.client.webhooks.unwrap(body, asHeaders(headers)).catch(() => null);
    if (!event) return reply.code(400).send({ error: 'This is not signed by OpenAI.' });
    if (event.type !== 'realtime.call.incoming') return reply.code(204).send();
    const callId = event.data.call_id;
    if (isNew(taken, callId)) {
      // The answer does not wait for the call to end, or OpenAI would deliver it again.
      answer(callId, options).then(
        (ending) => log.info({ callId, ending }, 'the call is over'),
        (error: unknown) => log.error({ callId, error }, 'the call was not taken'),
      );
    }
    return reply.code(200).send();
  });
  return app;
}

function isNew(taken: Set<string>, callId: string): boolean {
  if (taken.has(callId)) return false;
  taken.add(callId);
  for (const oldest of taken) {
    if (taken.size <= REMEMBERED) break;
    taken.delete(oldest);
  }
  return true;
}

const asHeaders = (headers: Readonly<Record<string, string | string[] | undefined>>): Headers =>
  new Headers(Object.entries(headers).map(([name, value]) => [name, String(value)]));
