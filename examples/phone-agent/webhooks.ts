import type { FastifyBaseLogger, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { refuse } from '../shared/server.js';
import { within } from '../shared/within.js';
import type { AppOptions } from './app.js';
import type { Calls } from './calls.js';
import type { Office } from './office.js';
import { addressOf, signedWebhook } from './twilio-access.js';
import type { FormFields } from './twilio-signature.js';
import { twiml } from './twilio-stream.js';

/** Twilio waits 15 s for an answer. */
const ANSWER_MS = 10_000;

type Webhook = { Body: FormFields | undefined };

/** What Twilio asks when a call comes in, and when its stream has ended. */
export function addWebhooks(app: FastifyInstance, { config, office }: AppOptions, calls: Calls): void {
  const signed = signedWebhook(config);
  app.post<Webhook>('/incoming-call', signed, async ({ body }, reply) => {
    const { CallSid: callSid, From: caller = 'unknown' } = body ?? {};
    if (!callSid) return refuse(reply, 400, 'CallSid is missing.');
    if (calls.state === 'closing') return refuse(reply, 503, 'The agent is shutting down.');
    calls.expect(callSid, caller);
    return reply.type('text/xml').send(twiml.connect(addressOf(config, '/media', 'wss:'), '/call-ended'));
  });
  const onResponse = async ({ body }: FastifyRequest, { statusCode }: FastifyReply) => {
    if (statusCode === 200) calls.hasLeft((body as FormFields)['CallSid'] ?? '');
  };
  app.post<Webhook>('/call-ended', { ...signed, onResponse }, async ({ body, log }, reply) => {
    const ending = await endingOf(body?.['CallSid'] ?? '', { calls, office, log });
    const last =
      ending === 'failed'
        ? twiml.say('We are sorry, there is a technical problem. Please call again.')
        : twiml.hangUp();
    return reply.type('text/xml').send(last);
  });
}

interface Sources {
  readonly calls: Calls;
  readonly office: Office;
  readonly log: FastifyBaseLogger;
}

/** Asks the book only where this process has not had the call. A book that does not answer is a failure as well. */
async function endingOf(callSid: string, { calls, office, log }: Sources): Promise<string | null> {
  try {
    return await within(ANSWER_MS, calls.endingOf(callSid) ?? office.endingOf(callSid));
  } catch (err) {
    log.error({ err, callSid }, 'how the call ended is not known');
    return 'failed';
  }
}
