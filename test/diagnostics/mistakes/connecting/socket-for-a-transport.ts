/** Gives a socket in the place of a transport. */
import { connect } from 'gated-realtime';
import WebSocket from 'ws';

// wrong:
await connect({ transport: new WebSocket('wss://example.com') });
