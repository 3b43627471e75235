import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { refuse } from '../shared/server.js';
import type { AppParts } from './app.js';

/** Adds the routes by which an operator takes a call over, and gives it back. */
export function addOperator(app: FastifyInstance, { config, calls }: AppParts): void {
  const allowed = { onRequest: mayOperate(config.operatorToken) };
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

/** Admits requests with the token. */
const mayOperate =
  (token: string) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    const given = request.headers.authorization ?? '';
    if (timingSafeEqual(digest(given), digest(`Bearer ${token}`))) return undefined;
    return refuse(reply, 401, 'This is for operators.');
  };

/** Hashes to a fixed length, for a comparison in constant time. */
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
