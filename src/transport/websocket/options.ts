import { MisuseError } from '../../errors.js';
import { checkedUrl, GIVEN } from '../checked-url.js';
import { checkConversation, dialectAt } from '../dialects.js';
import type { Platform, WebSocketClass } from './platform.js';

/** A new session with a model, or the control line of a running call. */
export type WebSocketTarget = ToModel | ToCall;
interface ToModel {
  /** The model. */
  readonly model: string;
  readonly callId?: undefined;
}
interface ToCall {
  /** The id of a running call: the session joins it as a sideband. */
  readonly callId: string;
  readonly model?: undefined;
}

/** A key, or a function that fetches one: it is asked anew for every connection, and once more where its key is refused. */
export type WebSocketKey = string | (() => string | Promise<string>);

interface Common {
  /** The id of the organization that pays. Default: that of the key. */
  readonly organization?: string | undefined;
  /** The id of the project. Default: that of the key. */
  readonly project?: string | undefined;
  /** More subprotocols to offer, for a server of your own. Default: none. */
  readonly protocols?: readonly string[] | undefined;
  /** The class to connect with. Default: the platform's own, which Node has since 22. */
  readonly WebSocket?: WebSocketClass | undefined;
}
interface WithKey extends Common {
  /**
   * In a browser an ephemeral key (`ek_…`), which your server makes by `POST /v1/realtime/client_secrets`; a server of
   * your own may give an API key. It is sent as a subprotocol, because no browser sends headers.
   */
  readonly apiKey: WebSocketKey;
  /** `wss:`, and `ws:` only for this machine itself. Default: `wss://api.openai.com/v1/realtime`. */
  readonly url?: string | undefined;
}
interface OwnServer extends Common {
  /** Left out: nothing is said of a key, and the server behind `url` has its own. */
  readonly apiKey?: WebSocketKey | undefined;
  /** A server of your own that speaks for you: `wss:`, and `ws:` only for this machine itself. */
  readonly url: string;
}
/** Where to connect, and by what right. */
export type WebSocketOptions = WebSocketTarget & (WithKey | OwnServer);

/** Checked and complete; nothing is sent yet. */
export interface Dialled {
  readonly url: URL;
  readonly WebSocket: WebSocketClass;
  /** Fetches the key, where there is one. */
  key(): Promise<string | undefined>;
  /** What is offered with this key. */
  protocols(key: string | undefined): string[];
}

const OPENAI = 'wss://api.openai.com/v1/realtime';

/** No message of its errors quotes an address or a key. */
export function checkedOptions(options: WebSocketOptions, platform: Platform): Dialled {
  const { apiKey, WebSocket = platform.WebSocket, organization, project, protocols = [] } = options;
  if (typeof WebSocket !== 'function') {
    throw new MisuseError(
      'This platform has no WebSocket. Node has one since version 22; before that, use gated-realtime/ws, or give a class as `WebSocket`.',
    );
  }
  const url = addressOf(options);
  if (!apiKey && options.url === undefined) {
    throw new MisuseError(
      'Give `apiKey`: an ephemeral key (ek_…), or a function that fetches one. No environment is read here.',
    );
  }
  if (apiKey && dialectAt(url) === 'azure') {
    throw new MisuseError(
      'Azure takes its key by a header, which no WebSocket of a browser can send: use gated-realtime/ws on Node, or give the `url` of a server of your own that speaks to Azure.',
    );
  }
  if (typeof apiKey === 'string') checkKey(apiKey, platform);
  const routing = { organization, project };
  for (const each of [...protocols, ...routingProtocols(routing)]) checkToken(each, 'A subprotocol');
  return {
    url,
    WebSocket,
    async key() {
      if (typeof apiKey !== 'function') return apiKey === '' ? undefined : apiKey;
      const key = await apiKey();
      checkKey(key, platform);
      return key;
    },
    protocols: (key) => [
      ...(key === undefined ? [] : ['realtime', `openai-insecure-api-key.${key}`, ...routingProtocols(routing)]),
      ...protocols,
    ],
  };
}

function addressOf({ model, callId, url: given }: WebSocketOptions): URL {
  const url = checkedUrl(given ?? OPENAI, GIVEN);
  checkConversation(url);
  if (model && callId === undefined) url.searchParams.set('model', model);
  else if (callId && model === undefined) url.searchParams.set('call_id', callId);
  else throw new MisuseError('Give exactly one of `model` and `callId`.');
  return url;
}

const routingProtocols = (routing: Readonly<Record<'organization' | 'project', string | undefined>>): string[] =>
  Object.entries(routing).flatMap(([name, id]) => (id ? [`openai-${name}.${id}`] : []));

function checkKey(key: unknown, { kind }: Platform): void {
  if (typeof key !== 'string' || key === '') {
    throw new MisuseError('`apiKey` is a key, or a function that gives one: it gave none.');
  }
  if (kind === 'browser' && key.startsWith('sk-')) {
    throw new MisuseError(
      'An API key (sk-…) does not belong into a browser: whoever opens the page can read it, and it lasts. Let your server make an ephemeral key (ek_…) by POST /v1/realtime/client_secrets, and give `apiKey` a function that fetches it.',
    );
  }
  checkToken(key, 'The key');
}

/** What the name of a subprotocol is made of, by RFC 6455. */
function checkToken(text: string, what: string): void {
  if (/^[\w!#$%&'*+.^`|~-]+$/.test(text)) return;
  throw new MisuseError(`${what} has a character that no subprotocol can carry. A line break at its end, perhaps?`);
}
