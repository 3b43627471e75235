import { describe } from 'vitest';
import { WebSocket } from 'ws';
import { webSocketTransport, type WebSocketOptions } from '../../src/transport/websocket.js';
import { socketHarness } from './socket-peer.js';
import { transportContract } from './transport.js';

const over = (name: string, given: Partial<WebSocketOptions>) =>
  socketHarness(name, (url) => webSocketTransport({ model: 'gpt-realtime', url, ...(given as object) }));

const platforms = [
  over('websocket', { WebSocket }),
  ...('WebSocket' in globalThis ? [over('websocket (of this Node itself)', {})] : []),
];

describe.each(platforms)('the $name transport', (harness) => transportContract(harness));
