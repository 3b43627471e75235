/** Everything that a runtime is tried against: servers of this process. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer as createNetServer } from 'node:net';
import { listen, noLatency } from '../../src/simulator/index.js';
import type { Finding, Places } from './places.js';

const lastingKey = 'sk-simulated-lasting-key';

export interface Stage {
  places(lasting: Places['lasting']): Places;
  /** Serves a page that runs this script; resolves with what the page reports. */
  page(script: string): { readonly url: string; readonly findings: Promise<readonly Finding[]> };
  close(): Promise<void>;
}

export async function openStage(): Promise<Stage> {
  const given = { apiKeys: [lastingKey], latency: noLatency, speed: Infinity };
  const server = await listen(given);
  const dying = await listen({ ...given, apiKeys: null, faults: { die1006: 1_000 } });
  const silent = createNetServer((socket) => socket.on('error', () => undefined).resume());
  const nowhere = createNetServer();
  const web = webServer(server.url.replace(/^ws/, 'http'));
  const ports = await Promise.all([silent, nowhere, web.http].map(portOf));
  const [silentPort, nowherePort, webPort] = ports as [number, number, number];
  nowhere.close();
  const at = (port: number): string => `ws://127.0.0.1:${port}/v1/realtime`;
  const origin = `http://127.0.0.1:${webPort}`;
  return {
    places: (lasting) => ({
      url: server.url,
      keys: `${origin}/key`,
      lastingKey,
      dying: dying.url,
      refusing: at(webPort),
      silent: at(silentPort),
      nowhere: at(nowherePort),
      lasting,
    }),
    page: (script) => ({ url: `${origin}/`, findings: web.serve(script) }),
    async close() {
      silent.close();
      web.http.closeAllConnections();
      web.http.close();
      await Promise.all([server.close(), dying.close()]);
    },
  };
}

async function portOf(server: ReturnType<typeof createNetServer>): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** Mints keys, serves a page, and takes what it reports. An upgrade is answered with 401. */
function webServer(openai: string) {
  let script = '';
  let report: (findings: readonly Finding[]) => void = () => undefined;
  const routes: Readonly<Record<string, (request: IncomingMessage, response: ServerResponse) => Promise<void>>> = {
    async '/key'(_, response) {
      const headers = { authorization: `Bearer ${lastingKey}`, 'content-type': 'application/json' };
      const session = { type: 'realtime', model: 'gpt-realtime-2.1' };
      const body = JSON.stringify({ session });
      const minted = await fetch(`${openai}/client_secrets`, { method: 'POST', headers, body });
      response.end(((await minted.json()) as { readonly value: string }).value);
    },
    async '/'(_, response) {
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end('<!doctype html><script type="module" src="/checks.js"></script>');
    },
    async '/checks.js'(_, response) {
      response.writeHead(200, { 'content-type': 'text/javascript' }).end(script);
    },
    async '/findings'(request, response) {
      let text = '';
      for await (const chunk of request as AsyncIterable<Buffer>) text += chunk.toString();
      response.end();
      report(JSON.parse(text) as readonly Finding[]);
    },
  };
  const http = createServer((request, response) => {
    const route = routes[request.url ?? ''];
    if (route) route(request, response).catch((error: unknown) => response.destroy(error as Error));
    else response.writeHead(404).end();
  });
  http.on('upgrade', (_, socket) => socket.end('HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n'));
  return {
    http,
    serve: (code: string): Promise<readonly Finding[]> => {
      script = code;
      return new Promise((resolve) => (report = resolve));
    },
  };
}
