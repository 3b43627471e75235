import fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyReply } from 'fastify';
import { pinoTo, type LogLevel } from './log.js';

export interface ServerOptions {
  readonly logLevel?: LogLevel | undefined;
  /** How long a request may take to arrive, body included. Milliseconds; default 5,000. */
  readonly requestTimeoutMs?: number | undefined;
}

interface Closing {
  /** What to do with a request that arrives while the server closes. Default `refuse`: a 503. */
  readonly whileClosing?: 'refuse' | 'serve';
}

/** Twilio and OpenAI send a few kilobytes. */
const MAX_BODY_BYTES = 64 * 1024;

/** An HTTP server with short timeouts and small limits for every sender. It parses no body until a parser is added. */
export function createServer(options: ServerOptions & Closing): FastifyInstance {
  const { logLevel = 'info', requestTimeoutMs = 5_000, whileClosing = 'refuse' } = options;
  const loggerInstance: FastifyBaseLogger = pinoTo((line) => process.stdout.write(line), logLevel);
  const app = fastify({
    loggerInstance,
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: requestTimeoutMs,
    http: {
      requestTimeout: requestTimeoutMs,
      headersTimeout: requestTimeoutMs,
      // Node checks for late requests at this interval; its default, 30 s, would add to the timeout.
      connectionsCheckingInterval: Math.max(50, requestTimeoutMs / 5),
    },
    return503OnClosing: whileClosing === 'refuse',
    forceCloseConnections: true,
  });
  app.removeAllContentTypeParsers();
  return app;
}

/** Answers a request before its body is read, and closes the connection instead of waiting for the rest. */
export const refuse = (reply: FastifyReply, statusCode: number, error: string): FastifyReply =>
  reply.code(statusCode).header('connection', 'close').send({ error });
