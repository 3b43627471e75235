import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';

/** Lets in whoever has the token. */
export const mayOperate =
  (token: string) =>
  async (request: FastifyRequest): Promise<void> => {
    const given = request.headers.authorization ?? '';
    if (timingSafeEqual(digest(given), digest(`Bearer ${token}`))) return;
    throw Object.assign(new Error('This is for operators.'), { statusCode: 401 });
  };

/** Of one length, whatever was given. */
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
