import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { FastifyInstance } from 'fastify';
import { sessionParameters } from 'gated-realtime';
import type OpenAI from 'openai';
import { createServer, type ServerOptions } from '../shared/server.js';
import { museumPlan } from './plan.js';

export interface AppOptions extends ServerOptions {
  readonly client: OpenAI;
  readonly model: string;
  /** Where the page opens its socket. Default: OpenAI's own address. */
  readonly url?: string | undefined;
}

/** How long a key may be used to open a session; the session goes on. Seconds. */
const KEY_SECONDS = 60;

/**
 * Serves the page, and makes a key for whoever asks `POST /realtime-key`: each can open sessions at your expense, so a
 * site of yours asks first who that is. The API key stays here.
 */
export async function createApp(options: AppOptions): Promise<FastifyInstance> {
  const { client, model, url = null } = options;
  const app = createServer(options);
  const [html, script] = await Promise.all([
    readFile(inPage('index.html')),
    bundle({ MODEL: model, URL_OF_SERVER: url }),
  ]);

  app.get('/', (_request, reply) => reply.type('text/html').send(html));
  app.get('/page.js', (_request, reply) => reply.type('text/javascript').send(script));
  app.post('/realtime-key', async (_request, reply) => {
    const { value } = await client.realtime.clientSecrets.create({
      expires_after: { anchor: 'created_at', seconds: KEY_SECONDS },
      session: { model, ...sessionParameters(museumPlan) },
    });
    return reply.header('cache-control', 'no-store').type('text/plain').send(value);
  });
  return app;
}

const inPage = (file: string): string => fileURLToPath(new URL(`page/${file}`, import.meta.url));

/** The page's program with all that it imports. */
async function bundle(constants: Readonly<Record<string, string | null>>): Promise<string> {
  const define = Object.fromEntries(Object.entries(constants).map(([name, value]) => [name, JSON.stringify(value)]));
  const { outputFiles } = await build({
    entryPoints: [inPage('main.js')],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    define,
  });
  return outputFiles[0]!.text;
}
