import type { Ears, Line, Transport } from '../../types/index.js';
import { openSocket } from './websocket/handshake.js';
import type { WebSocketOptions } from './websocket/options.js';
import { checkedOptions } from './websocket/options.js';
import type { Platform } from './websocket/platform.js';
import { thisPlatform } from './websocket/platform.js';

export type { WebSocketOptions } from './websocket/options.js';
export type { PlatformSocket, SocketEvent, SocketEventType, WebSocketClass } from './websocket/platform.js';

/**
 * A WebSocket of the platform. It can neither ping nor send headers: the key goes as a subprotocol, and the session asks
 * for a sign of life with an event. Throws `MisuseError` for options that do not fit together, for a platform without
 * WebSocket, and for an API key that lasts in a browser.
 */
export function webSocketTransport(options: WebSocketOptions, platform: Platform = thisPlatform()): Transport {
  const dialled = checkedOptions(options, platform);
  return {
    credentials: typeof options.apiKey === 'function' ? 'renewed' : 'fixed',
    open: (ears: Ears, signal: AbortSignal): Promise<Line> => openSocket(dialled, ears, signal),
  };
}
