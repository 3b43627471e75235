import { MisuseError } from './errors.js';

/** gated-realtime/ws as bundled for a browser or for Workers, where it only says what to use instead. */
export * from './index.js';

const ADVICE =
  'gated-realtime/ws is for Node. In a browser and in Workers, import openSession from "gated-realtime/websocket", or keep the session on your server.';

/** Rejects with `MisuseError`. */
export const connect = (): Promise<never> => Promise.reject(new MisuseError(ADVICE));

/** Rejects with `MisuseError`. */
export const openSession = connect;
