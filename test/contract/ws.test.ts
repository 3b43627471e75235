import { describe } from 'vitest';
import { wsTransport } from '../../src/transport/ws.js';
import { ping, socketHarness } from './socket-peer.js';
import { transportContract } from './transport.js';

const ws = socketHarness('ws', (url) => wsTransport({ model: 'gpt-realtime', url }), { ping });

describe(`the ${ws.name} transport`, () => transportContract(ws));
