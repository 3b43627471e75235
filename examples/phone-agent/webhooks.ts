import type { FastifyBaseLogger, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { refuse } from '../shared/server.js';
import { within } from '../shared/within.js';
import type { AppParts } from './app.js';
import { paysForACall } from './budget.js';
import { addressOf, signedWebhook } from './twilio-access.js';
import { UNSAID } from './call.js';
import type { FormFields } from './twilio-signature.js';
import { twiml } from './twilio-stream.js';

/** Below Twilio's own timeout of 15 s. */
const ANSWER_MS = 10_000;

type Webhook = { Body: FormFields | undefined };

/** Adds the routes that Twilio calls when a call comes in, and when its stream has ended. */
export function addWebhooks(app: FastifyInstance, parts: AppParts): void {
  const { config, calls, today } = parts;
  const signed = signedWebhook(config);
  app.post<Webhook>('/incoming-call', signed, async ({ body, log }, reply) => {
    const { CallSid: callSid, From: caller = 'unknown' } = body ?? {};
    if (!callSid) return refuse(reply, 400, 'CallSid is missing.');
    if (calls.state === 'closing') return refuse(reply, 503, 'The agent is shutting down.');
    reply.type('text/xml');
    if (!paysForACall(today)) {
      log.error({ callSid }, 'the budget of today is spent: a call is not taken');
      return reply.send(twiml.say(SPENT));
    }
    calls.expect(callSid, caller);
    return reply.send(twiml.connect(addressOf(config, '/media', 'wss:'), '/call-ended'));
  });
  const onResponse = async ({ body }: FastifyRequest, { statusCode }: FastifyReply) => {
    if (statusCode === 200) calls.hasLeft((body as FormFields)['CallSid'] ?? '');
  };
  app.post<Webhook>('/call-ended', { ...signed, onResponse }, async ({ body, log }, reply) => {
    const ending = await endingOf(body?.['CallSid'] ?? '', parts, log);
    return reply.type('text/xml').send(lastWords(ending));
  });
}

const SPENT = 'We are sorry, we cannot take any more calls at the moment. Please call again later.';

/** The words for an ending that the agent could not announce itself. */
function lastWords(ending: string | null): string {
  if (ending === 'failed') return twiml.say('We are sorry, there is a technical problem. Please call again.');
  if (ending === UNSAID) return twiml.say('We are sorry, we must end the call here. Please call again. Goodbye.');
  return twiml.hangUp();
}

/**
 * How a call ended. The database is asked only if this process has not had the call; if it does not answer, that counts
 * as a failure.
 */
async function endingOf(callSid: string, { calls, office }: AppParts, log: FastifyBaseLogger): Promise<string | null> {
  try {
    return await within(ANSWER_MS, calls.endingOf(callSid) ?? office.endingOf(callSid));
  } catch (err) {
    log.error({ err, callSid }, 'how the call ended is not known');
    return 'failed';
  }
}
