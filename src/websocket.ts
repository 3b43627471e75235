import type {
  AnyTool,
  BuiltInGuard,
  ConfirmedSession,
  ConnectBasics,
  OpenOptions,
  ToolPurpose,
  UnconfirmedSession,
} from '../types/index.js';
import { checkObject } from './session/check.js';
import { configureOrClose, connectBy, withoutPlan } from './session/connect.js';
import { webSocketTransport, type WebSocketOptions } from './transport/websocket.js';

/** gated-realtime/websocket: browsers, Deno, Bun, Workers and Node 22, by the platform's own WebSocket. */
export * from './index.js';
export type {
  PlatformSocket,
  SocketEvent,
  SocketEventType,
  WebSocketClass,
  WebSocketOptions,
} from './transport/websocket.js';

/** The options of `connect()`: a `model` or a `callId`; an `apiKey` or a `url` of your own. */
export type WebSocketConnectOptions = WebSocketOptions & ConnectBasics;

/**
 * Opens the platform's own WebSocket to OpenAI, to a call (`callId`) or to a `url` of your own, and waits until the server
 * has greeted it. The key goes as a subprotocol; in a browser it has to be an ephemeral one.
 *
 * @throws `MisuseError` for options that do not fit together and for an API key that lasts in a browser; `ConnectError`
 * where the connection does not come about. Whatever fails, nothing is left open.
 * @example
 * ```ts
 * import { connect } from 'gated-realtime/websocket';
 *
 * const session = await connect({
 *   model: 'gpt-realtime-2.1',
 *   apiKey: async () => (await fetch('/realtime-key', { method: 'POST' })).text(),
 * });
 * ```
 */
export async function connect(options: WebSocketConnectOptions): Promise<UnconfirmedSession> {
  return connectBy(options, { known: OPTIONS, transport: webSocketTransport });
}

const OPTIONS = [
  ...['model', 'callId', 'apiKey', 'url', 'organization', 'project', 'protocols', 'WebSocket'],
  ...['signal', 'timeoutMs', 'observe'],
];

/**
 * `connect()` and `configure()` in one, with the same guarantee; whatever fails, nothing is left open.
 *
 * @throws What `connect()` and `configure()` throw.
 * @example
 * ```ts
 * import { openSession } from 'gated-realtime/websocket';
 *
 * const session = await openSession({
 *   model: 'gpt-realtime-2.1',
 *   apiKey: async () => (await fetch('/realtime-key', { method: 'POST' })).text(),
 *   purposes: ['greeting'],
 * });
 * session.respond('greeting');
 * ```
 */
export async function openSession<
  const Purpose extends string = string,
  const Tools extends readonly AnyTool[] = readonly [],
  const Guard extends string = never,
>(
  options: OpenOptions<WebSocketConnectOptions, Purpose, Tools, Guard>,
): Promise<ConfirmedSession<Purpose | ToolPurpose<Tools>, BuiltInGuard | Guard>> {
  checkObject(options, 'openSession()');
  return configureOrClose(await connect(withoutPlan(options, OPTIONS)), options);
}
