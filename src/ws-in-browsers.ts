import { MisuseError } from './errors.js';

/** gated-realtime/ws as bundled for a browser, where it only says what to use instead. */
export * from './index.js';

const ADVICE =
  'gated-realtime/ws is for Node. In a browser, import openSession from "gated-realtime" and give it a `transport` over the browser\'s own WebSocket, or keep the session on your server.';

/** Rejects with `MisuseError`. */
export const connect = (): Promise<never> => Promise.reject(new MisuseError(ADVICE));

/** Rejects with `MisuseError`. */
export const openSession = connect;
