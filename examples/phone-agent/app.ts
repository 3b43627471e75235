import websocket from '@fastify/websocket';
import { sharedBudget, type AnySession, type SharedBudget } from 'gated-realtime';
import type { WsConnectOptions } from 'gated-realtime/ws';
import type { FastifyInstance } from 'fastify';
import { createServer, type ServerOptions } from '../shared/server.js';
import { Calls } from './calls.js';
import type { CallLimits, Config } from './config.js';
import { addMediaStream } from './media-stream.js';
import type { Office } from './office.js';
import { addOperator } from './operator.js';
import { addProbes } from './probes.js';
import { addWebhooks } from './webhooks.js';

export interface AppOptions extends ServerOptions {
  readonly config: Pick<Config, 'twilio' | 'publicUrl' | 'operatorToken' | 'dayBudgetUsd'>;
  readonly office: Office;
  /** The connection to the model and the limits, for each call. */
  readonly serve: (callSid: string) => { readonly openai: WsConnectOptions; readonly limits: CallLimits };
  readonly onSession?: ((callSid: string, session: AnySession, gone: AbortSignal) => void) | undefined;
}

/** What the routes need. */
export interface AppParts extends AppOptions {
  readonly calls: Calls;
  /** The shared budget for all calls of today; null: no limit. */
  readonly today: SharedBudget | null;
}

const sockets = {
  /** In bytes; Twilio's messages are much smaller. */
  maxPayload: 64 * 1024,
  /** How long Twilio may take to close its side of a stream before the socket is destroyed. Milliseconds. */
  closeTimeout: 5_000,
};

/** The server, not yet listening. Closing it lets every call say goodbye first. */
export async function createApp(options: AppOptions): Promise<FastifyInstance> {
  const calls = new Calls();
  // While calls end, Twilio still asks what comes next.
  const app = createServer({ ...options, whileClosing: 'serve' });
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => {
    done(null, Object.fromEntries(new URLSearchParams(String(body))));
  });
  app.addHook('preClose', () =>
    calls.sayGoodbye().catch((err: unknown) => app.log.error({ err }, 'not every call has ended')),
  );
  await app.register(websocket, { options: sockets });
  const { dayBudgetUsd } = options.config;
  const parts: AppParts = {
    ...options,
    calls,
    today: dayBudgetUsd === undefined ? null : sharedBudget({ limit: dayBudgetUsd, each: 'day' }),
  };
  addWebhooks(app, parts);
  addMediaStream(app, parts);
  addOperator(app, parts);
  addProbes(app, parts);
  return app;
}
