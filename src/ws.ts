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
import { wsTransport, type WsOptions } from './transport/ws.js';

/** gated-realtime/ws: connections on Node, through the `ws` package and, with a `client`, the official SDK. */
export * from './index.js';
export type { OfficialClient, WsOptions } from './transport/ws.js';

/** The options of `connect()`: a `model` or a `callId`; and a `client`, or a key and an address. */
export type WsConnectOptions = WsOptions & ConnectBasics;

/**
 * Opens a WebSocket to OpenAI, to Azure, to a call (`callId`) or to a `url` of your own, and waits until the server has
 * greeted it. Whatever fails, nothing is left open.
 *
 * @throws `ConnectError` where the connection does not come about; `MisuseError` for options that do not fit together.
 * @example
 * ```ts
 * const unconfirmed = await connect({ model: 'gpt-realtime-2.1' });
 * const session = await unconfirmed.configure({ purposes: ['greeting'] });
 * ```
 */
export async function connect(options: WsConnectOptions): Promise<UnconfirmedSession> {
  return connectBy(options, { known: OPTIONS, transport: wsTransport, hangUp: hangUpThrough });
}

const OPTIONS = [
  ...[
    'model',
    'callId',
    'client',
    'apiKey',
    'url',
    'dialect',
    'organization',
    'project',
    'ws',
    'signal',
    'timeoutMs',
    'observe',
  ],
];

/** Ends a call through the SDK, unless the plan has its own `hangUp`. */
function hangUpThrough({ client, callId }: WsConnectOptions): (() => Promise<void>) | undefined {
  const calls = client?.realtime?.calls;
  if (calls === undefined || callId === undefined) return undefined;
  return async () => calls.hangup(callId);
}

/**
 * Does `connect()` and `configure()` in one, with the same guarantee; whatever fails, nothing is left open.
 *
 * @throws `ConnectError`, `ConfigureError`, or `MisuseError` for options and plans that cannot be.
 * @example
 * ```ts
 * const session = await openSession({ model: 'gpt-realtime-2.1', purposes: ['greeting'] });
 * const outcome = await session.respond('greeting').done;
 * ```
 */
export async function openSession<
  const Purpose extends string = string,
  const Tools extends readonly AnyTool[] = readonly [],
  const Guard extends string = never,
>(
  options: OpenOptions<WsConnectOptions, Purpose, Tools, Guard>,
): Promise<ConfirmedSession<Purpose | ToolPurpose<Tools>, BuiltInGuard | Guard>> {
  checkObject(options, 'openSession()');
  return configureOrClose(await connect(withoutPlan(options, OPTIONS)), options);
}
