import type { AzureOpenAI, OpenAI } from 'openai';
import type { ClientOptions } from 'ws';
import { MisuseError } from '../../errors.js';
import { checkedUrl, GIVEN } from '../checked-url.js';
import { CLOSE_WITHIN_MS } from '../closing.js';
import { checkConversation, dialectAt, dialects, type Dialect } from '../dialects.js';
import { environmentAt, environmentUrl, isEnvironments } from './environment.js';

/** A new session with a model (on Azure: its deployment), or the control line of a running call. */
export type WsTarget = ToModel | ToCall;
interface ToModel {
  /** The model; on Azure its deployment. */
  readonly model: string;
  readonly callId?: undefined;
}
interface ToCall {
  /** The id of a running call, e.g. of SIP: the session joins it as a sideband. */
  readonly callId: string;
  readonly model?: undefined;
}

interface Common {
  /**
   * Options of the `ws` package: agent, certificates, headers, and so on. Ours are `maxPayload` (32 MiB: an item comes
   * back with all of its audio, and one had 3.4 MB), a `closeTimeout` of 3 s, and no compression. Redirects are never
   * followed.
   */
  readonly ws?: ClientOptions | undefined;
}
/**
 * The official SDK's `OpenAI` or `AzureOpenAI`, by its shape: its classes for `import` and for `require()`, and those of
 * two versions, are different types to the compiler, and any of them is taken.
 */
export interface OfficialClient {
  readonly apiKey: string | null;
  readonly baseURL: string;
  readonly realtime: {
    readonly clientSecrets: object;
    readonly calls?: { hangup(callId: string): PromiseLike<void> };
  };
}
interface ThroughClient extends Common {
  /** The official SDK's client: its address, its credentials (functions, Azure, Entra), its headers. */
  readonly client: OfficialClient;
  readonly apiKey?: undefined;
  readonly url?: undefined;
  readonly dialect?: undefined;
  readonly organization?: undefined;
  readonly project?: undefined;
}
interface Direct extends Common {
  readonly client?: undefined;
  /**
   * Default: `OPENAI_API_KEY`. Whatever the environment gives (organization, project and `OPENAI_CUSTOM_HEADERS` too)
   * is sent to the environment's address alone: to that of `OPENAI_BASE_URL`, or else to OpenAI.
   */
  readonly apiKey?: string | undefined;
  /**
   * `wss:`, and `ws:` only for this machine itself. Default: `OPENAI_BASE_URL` as the official SDK reads it, with
   * `/realtime` appended, or else `wss://api.openai.com/v1/realtime`.
   */
  readonly url?: string | undefined;
  /**
   * Whose server is at `url`, where they differ: Azure takes its key by another header (`api-key`), answers at its general
   * address alone (`/openai/v1/realtime`), and knows models by their deployments. Default: by the host.
   */
  readonly dialect?: Dialect | undefined;
  /** Default: `OPENAI_ORG_ID`. */
  readonly organization?: string | undefined;
  /** Default: `OPENAI_PROJECT_ID`. */
  readonly project?: string | undefined;
}
/** Where to connect, and by what right. */
export type WsOptions = WsTarget & (ThroughClient | Direct);

export type Address = ClientAddress | DirectAddress;
export interface ClientAddress {
  readonly kind: 'client';
  readonly client: OpenAI | AzureOpenAI;
  readonly target: WsTarget;
  readonly ws: ClientOptions;
}
export interface DirectAddress {
  readonly kind: 'direct';
  readonly url: URL;
  readonly ws: ClientOptions;
}

/** Checked and complete; nothing is sent yet. No message of its errors quotes an address or a key. */
export function addressOf(options: WsOptions): Address {
  const target = targetOf(options);
  if (options.client === undefined) return directAddress(options, target);
  if (namesAnAddress(options)) {
    throw new MisuseError('A client has its own address and key: give `client`, or `apiKey` and `url`, not both.');
  }
  return { kind: 'client', client: options.client as OpenAI | AzureOpenAI, target, ws: socketOptions(options.ws, {}) };
}

/** What options are when nobody's compiler has looked at them. */
type Unchecked = Readonly<Partial<Record<'model' | 'callId' | 'apiKey' | 'url' | 'dialect', string | undefined>>>;

const namesAnAddress = ({ apiKey, url, dialect }: Unchecked): boolean =>
  [apiKey, url, dialect].some((each) => each !== undefined);

function targetOf({ model, callId }: Unchecked): WsTarget {
  if (model && callId === undefined) return { model };
  if (callId && model === undefined) return { callId };
  throw new MisuseError('Give exactly one of `model` and `callId`.');
}

function directAddress(options: Direct, target: WsTarget): DirectAddress {
  const url = options.url === undefined ? environmentUrl() : checkedUrl(options.url, GIVEN);
  checkConversation(url);
  dialectOf(options, url).checkAddress(url);
  if (target.model === undefined) url.searchParams.set('call_id', target.callId);
  else url.searchParams.set('model', target.model);
  return { kind: 'direct', url, ws: socketOptions(options.ws, headersFor(options, url)) };
}

function dialectOf({ dialect }: Direct, url: URL) {
  const customs = dialects[dialect ?? dialectAt(url)];
  if (customs) return customs;
  throw new MisuseError("`dialect` is 'openai' or 'azure'.");
}

type Headers = Record<string, string>;

function headersFor(options: Direct, url: URL): Headers {
  const environment = environmentAt(url);
  const key = options.apiKey ?? environment.apiKey;
  const organization = options.organization ?? environment.organization;
  const project = options.project ?? environment.project;
  if (!key && url.protocol === 'wss:') {
    throw new MisuseError(
      isEnvironments(url)
        ? 'There is no API key: set OPENAI_API_KEY, or give `apiKey` or `client`.'
        : 'There is no API key for this address: give `apiKey` or `client`. OPENAI_API_KEY goes to OpenAI, or to OPENAI_BASE_URL, alone.',
    );
  }
  return {
    ...(organization ? { 'OpenAI-Organization': organization } : {}),
    ...(project ? { 'OpenAI-Project': project } : {}),
    ...(key ? dialectOf(options, url).key(fitForHeader(key)) : {}),
    ...environment.headers,
  };
}

function fitForHeader(key: string): string {
  if (/^[\x21-\x7e]+$/.test(key)) return key;
  throw new MisuseError('The API key has a character that no header can carry. A line break at its end, perhaps?');
}

/** Server frames can exceed 1 MiB: an item comes back with its audio. */
const MAX_PAYLOAD = 32 * 1024 * 1024;

/**
 * `closeTimeout`: a peer that has begun to close, and does not come to its end, is gone soon all the same; what is sent
 * meanwhile is lost. Known to the package from 8.19, and not yet to its types.
 */
const OURS = { perMessageDeflate: false, maxPayload: MAX_PAYLOAD, closeTimeout: CLOSE_WITHIN_MS };

const socketOptions = (given: ClientOptions | undefined, headers: Headers): ClientOptions => ({
  ...OURS,
  ...given,
  followRedirects: false,
  headers: { ...headers, ...given?.headers },
});
