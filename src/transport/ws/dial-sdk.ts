import type { ClientRequest } from 'node:http';
import type { AzureOpenAI, OpenAI } from 'openai';
import type { ClientOptions, WebSocket } from 'ws';
import { ConnectError, MisuseError } from '../../errors.js';
import type { ClientAddress } from './address.js';
import { brief } from '../credential-places.js';
import { watched } from './credentials.js';
import type { Dial } from './dial.js';
import type { Packages, SdkBuild } from './packages.js';
import { wordsOf } from './unreachable.js';

/** Lets the SDK open its own socket, and takes the socket over before any event. */
export const dialThroughSdk =
  (address: ClientAddress, packages: Packages): Dial =>
  async () => {
    await packages.ws();
    const { client, target, ws } = address;
    const { OpenAIRealtimeWS } = await buildOf(client, packages);
    const request = watched(ws, isAzure(client) ? toGeneralAddress : undefined);
    const secrets = (): readonly string[] => request.secrets(client.apiKey);
    const { socket } = await prepared({ client, target, ws: request.options }, OpenAIRealtimeWS, secrets);
    socket.removeAllListeners();
    checkCall(socket, address);
    return { socket, secrets };
  };

async function buildOf(client: OpenAI | AzureOpenAI, { sdkBuilds }: Packages): Promise<SdkBuild> {
  let first: SdkBuild | undefined;
  for (const load of sdkBuilds) {
    const build = await load();
    if (client instanceof build.OpenAI) return build;
    first ??= build;
  }
  if (first && !isAzure(client)) return first;
  throw new MisuseError(
    'This Azure client is of another copy of the openai package. Install one, and import it from there.',
  );
}

/** Checks the shape, because `instanceof` fails across two builds of one package. */
const isAzure = (client: OpenAI | AzureOpenAI): client is AzureOpenAI => 'apiVersion' in client;

/**
 * Azure's preview address, which openai 6 dials for a model, takes no session of today. The request is sent to the
 * address that openai 7 dials instead, with the credentials that the SDK has put into it.
 *
 * @see https://learn.microsoft.com/azure/ai-foundry/openai/how-to/realtime-audio-websockets
 */
function toGeneralAddress(request: ClientRequest): void {
  const { pathname, searchParams } = new URL(`wss://host${request.path}`);
  const deployment = searchParams.get('deployment');
  if (deployment === null) return;
  const base = pathname.replace(/\/realtime$/, '').replace(/\/+/g, '/');
  const versioned = base.endsWith('/v1') ? base : `${base}/v1`;
  request.path = `${versioned}/realtime?${new URLSearchParams({ model: deployment }).toString()}`;
}

interface Prepared {
  readonly socket: WebSocket;
}

type Connecting = Pick<ClientAddress, 'client' | 'target'> & { readonly ws: ClientOptions };

async function prepared(
  connecting: Connecting,
  Realtime: SdkBuild['OpenAIRealtimeWS'],
  secrets: () => readonly string[],
): Promise<Prepared> {
  try {
    return await prepare(connecting, Realtime);
  } catch (error) {
    // Not kept as the cause: an invalid header would be quoted in full.
    const message = brief(wordsOf(error), secrets());
    throw new ConnectError({ kind: 'unreachable', message: `the client could not prepare the connection. ${message}` });
  }
}

function prepare({ client, target, ws }: Connecting, Realtime: SdkBuild['OpenAIRealtimeWS']): Promise<Prepared> {
  const settings = { options: ws };
  if (target.callId !== undefined) {
    const call = { ...settings, callID: target.callId };
    return isAzure(client) ? Realtime.azure(client, call) : Realtime.create(client, call);
  }
  if (isAzure(client)) return Realtime.azure(client, { ...settings, deploymentName: target.model });
  return Realtime.create(client, { ...settings, model: target.model });
}

/** Throws for early versions of the SDK that cannot join a call, because they would open a new session instead. */
function checkCall(socket: WebSocket, { target }: ClientAddress): void {
  if (target.callId === undefined || new URL(socket.url).searchParams.get('call_id') === target.callId) return;
  socket.on('error', () => undefined);
  socket.terminate();
  throw new MisuseError(
    'This version of the openai package cannot attach to a call. Update it: npm install openai@latest',
  );
}
