import type { FastifyReply, FastifyRequest } from 'fastify';
import { refuse } from '../shared/server.js';
import type { Config } from './config.js';
import { isFromTwilio, type FormFields } from './twilio-signature.js';

type Known = Pick<Config, 'twilio' | 'publicUrl'>;
type Hook = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;

/** The hooks of a webhook that only Twilio may call: otherwise anybody could use the model at our cost. */
export const signedWebhook = (known: Known): { readonly onRequest: Hook; readonly preHandler: Hook } => ({
  // The signature covers the body, but without a plausible one the body is not even read.
  onRequest: async ({ headers }, reply) => (looksSigned(headers) ? undefined : refuseUnsigned(reply)),
  preHandler: async (request, reply) => {
    const url = addressOf(known, request.url, 'https:');
    const fields = request.body as FormFields | undefined;
    const signature = request.headers['x-twilio-signature'];
    return isFromTwilio(known.twilio.authToken, signature, url, fields) ? undefined : refuseUnsigned(reply);
  },
});

/** The hook of a media stream, which is checked before the socket is opened. */
export const signedStream = (known: Known): { readonly onRequest: Hook } => ({
  onRequest: async ({ url, headers }, reply) => {
    const signature = headers['x-twilio-signature'];
    const address = addressOf(known, url, 'wss:');
    return isFromTwilio(known.twilio.authToken, signature, address) ? undefined : refuseUnsigned(reply);
  },
});

export function addressOf({ publicUrl }: Pick<Known, 'publicUrl'>, path: string, protocol: 'https:' | 'wss:'): string {
  const address = new URL(path, publicUrl);
  return `${protocol}//${address.host}${address.pathname}${address.search}`;
}

/** Whether a header looks like the base64 of an HMAC-SHA1. */
const looksSigned = (headers: FastifyRequest['headers']): boolean =>
  /^[A-Za-z0-9+/]{27}=$/.test(String(headers['x-twilio-signature']));

const refuseUnsigned = (reply: FastifyReply): FastifyReply => refuse(reply, 403, 'This is not signed by Twilio.');
