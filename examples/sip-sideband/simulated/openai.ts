import { createHmac } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import fastify from 'fastify';
import { listen, type SimulatedSocket } from 'gated-realtime/simulator';

/** The HTTP API for calls, as far as an answering program uses it, and the sideband connection. */
export interface SimulatedOpenAI {
  /** The `baseURL` for a client. */
  readonly baseURL: string;
  /** The address of sideband connections, which the API may refuse; `model.url` is that of the model behind it. */
  readonly controlLine: string;
  readonly model: SimulatedSocket;
  /** The requests so far, in order: `accept rtc_1`; `connect rtc_1` for a sideband connection. */
  readonly requests: readonly string[];
  /** Lets a call ring: sends the signed webhook. Returns its HTTP status. */
  ring(webhook: string, callId: string, webhookId?: string): Promise<number>;
  close(): Promise<void>;
}

export interface SimulatedOpenAIOptions {
  /** The secret: `whsec_` and base64. */
  readonly webhookSecret: string;
  readonly pace?: number;
  /** Decides which requests are answered by 404: the caller has already left, or the call is not known yet. */
  readonly refuses?: (request: string) => boolean;
  readonly onRequest?: (request: string) => void;
  readonly onFrame?: (text: string) => void;
}

export async function simulatedOpenAI(options: SimulatedOpenAIOptions): Promise<SimulatedOpenAI> {
  const { webhookSecret, pace = 10, refuses, onRequest, onFrame } = options;
  const requests: string[] = [];
  const model = await listen({ pace, detects: 'script', onFrame: ({ text }) => onFrame?.(text) });
  const api = fastify();
  type Named = { Params: { callId: string; what: string } };
  api.post<Named>('/v1/realtime/calls/:callId/:what', ({ params: { callId, what } }, reply) => {
    const request = `${what} ${callId}`;
    requests.push(request);
    onRequest?.(request);
    if (refuses?.(request)) return reply.code(404).send({ error: { message: 'There is no such call.' } });
    if (what === 'hangup') model.hangUp();
    return reply.code(200).send();
  });
  api.server.on('upgrade', (request: IncomingMessage, socket: Socket) => {
    socket.on('error', () => socket.destroy());
    const connecting = `connect ${new URL(request.url ?? '/', 'http://api').searchParams.get('call_id') ?? ''}`;
    requests.push(connecting);
    onRequest?.(connecting);
    if (refuses?.(connecting)) socket.end('HTTP/1.1 404 Not Found\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
    else tunnel(request, socket, Number(new URL(model.url).port));
  });
  const baseURL = `${await api.listen({ host: '127.0.0.1', port: 0 })}/v1`;

  return {
    baseURL,
    controlLine: `${baseURL.replace('http:', 'ws:')}/realtime`,
    model,
    requests,
    async ring(webhook, callId, webhookId = `wh_${callId}`) {
      const timestamp = Math.floor(Date.now() / 1_000);
      const data = { call_id: callId, sip_headers: [{ name: 'From', value: '<sip:+15550100@example.com>' }] };
      const event = { id: webhookId, object: 'event', type: 'realtime.call.incoming', created_at: timestamp, data };
      const body = JSON.stringify(event);
      const headers = {
        'content-type': 'application/json',
        'webhook-id': webhookId,
        'webhook-timestamp': String(timestamp),
        'webhook-signature': signatureOf(webhookSecret, `${webhookId}.${timestamp}.${body}`),
      };
      return (await fetch(webhook, { method: 'POST', headers, body })).status;
    },
    async close() {
      await Promise.all([api.close(), model.close()]);
    },
  };
}

/** Forwards a sideband connection from the API's address to the simulated model, which has a port of its own. */
function tunnel(request: IncomingMessage, socket: Socket, port: number): void {
  const through = connect(port, '127.0.0.1', () => {
    const headers = request.rawHeaders.map((word, index) => (index % 2 ? `: ${word}\r\n` : word)).join('');
    through.write(`GET ${request.url ?? '/'} HTTP/1.1\r\n${headers}\r\n`);
    socket.pipe(through).pipe(socket);
  });
  through.on('error', () => socket.destroy());
  socket.on('close', () => through.destroy());
}

/** Signs as Standard Webhooks do: HMAC-SHA256 with the secret after its prefix. */
function signatureOf(secret: string, signed: string): string {
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  return `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;
}
