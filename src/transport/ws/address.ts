import type { AzureOpenAI, OpenAI } from 'openai';
import type { ClientOptions } from 'ws';
import { MisuseError } from '../../errors.js';
import { checkedUrl, GIVEN } from '../checked-url.js';
import { CLOSE_WITHIN_MS } from '../closing.js';
import { checkConversation, dialectAt, dialects, type Dialect } from '../dialects.js';
import { environmentAt, environmentUrl, isEnvironments } from './environment.js';

/** Where to connect: a new session with a model (on Azure: its deployment), or a running call. */
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
   * Options of the `ws` package: agent, certificates, headers, and so on. The library sets `maxPayload` (32 MiB,
   * because an item comes back with all of its audio; the largest seen had 3.4 MB), a `closeTimeout` of 3 s, and no
   * compression. Redirects are never followed.
   */
  readonly ws?: ClientOptions | undefined;
}
/**
 * The official SDK's `OpenAI` or `AzureOpenAI`, described by its shape. The compiler sees different types in its
 * classes for `import` and for `require()`, and in two versions; any of them is accepted.
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
  /**
   * A client of the official SDK, which supplies the address, the credentials (functions, Azure and Entra included) and
   * the headers.
   */
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
   * The API key. Default: `OPENAI_API_KEY`. Credentials from the environment (also organization, project and
   * `OPENAI_CUSTOM_HEADERS`) are sent only to the environment's address: that of `OPENAI_BASE_URL`, or else OpenAI.
   */
  readonly apiKey?: string | undefined;
  /**
   * The address: `wss:`, or `ws:` for this machine only. Default: `OPENAI_BASE_URL` as the official SDK reads it, with
   * `/realtime` appended, or else `wss://api.openai.com/v1/realtime`.
   */
  readonly url?: string | undefined;
  /**
   * The kind of server at `url`. Azure takes its key in another header (`api-key`), answers only at its general address
   * (`/openai/v1/realtime`), and names models by their deployments. Default: by the host.
   */
  readonly dialect?: Dialect | undefined;
  /** The organization. Default: `OPENAI_ORG_ID`. */
  readonly organization?: string | undefined;
  /** The project. Default: `OPENAI_PROJECT_ID`. */
  readonly project?: string | undefined;
}
/** Where to connect, and with which credentials. */
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

/** Checks and completes the options; sends nothing. Its error messages quote neither an address nor a key. */
export function addressOf(options: WsOptions): Address {
  const target = targetOf(options);
  if (options.client === undefined) return directAddress(options, target);
  if (namesAnAddress(options)) {
    throw new MisuseError('A client has its own address and key: give `client`, or `apiKey` and `url`, not both.');
  }
  return { kind: 'client', client: options.client as OpenAI | AzureOpenAI, target, ws: socketOptions(options.ws, {}) };
}

/** Options as JavaScript may pass them, without type checks. */
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
  const rules = dialects[dialect ?? dialectAt(url)];
  if (rules) return rules;
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
        ? 'There is no API key: set OPENAI_API_KEY, or give `apiKey` or `client`. To try without one: npx gated-realtime simulate.'
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

/** Server frames can exceed 1 MiB, because an item comes back with its audio. */
const MAX_PAYLOAD = 32 * 1024 * 1024;

/**
 * `closeTimeout`: cuts off a peer that does not finish closing. The `ws` package knows it from 8.19; its types do not
 * yet.
 */
const OURS = { perMessageDeflate: false, maxPayload: MAX_PAYLOAD, closeTimeout: CLOSE_WITHIN_MS };

const socketOptions = (given: ClientOptions | undefined, headers: Headers): ClientOptions => ({
  ...OURS,
  ...given,
  followRedirects: false,
  headers: { ...headers, ...given?.headers },
});
