import type { Controls } from './controls.js';
import type { Script } from './script.js';
import type { Greeting, Server, ServerOptionsGiven } from './server/index.js';
import { anything, oneOf, serverAnd, text } from './server/option-rules.js';
import type { Rule } from './server/schema.js';

export interface ListenOptions extends ServerOptionsGiven {
  /** The port. Default 0: any free one. */
  readonly port?: number;
  /**
   * The interface to listen on. Default `127.0.0.1`, which only this machine can reach. The server checks no identity,
   * so keep it that way.
   */
  readonly host?: string;
  /** How many times faster than the wall clock the server runs. Default 1. */
  readonly pace?: number;
  /** `energy` (default): loud appended audio counts as speech. `script`: only `caller` speaks. */
  readonly detects?: 'energy' | 'script';
  /** The transcript of speech that was only detected by loudness; `ms` is its length. */
  readonly hears?: (ms: number) => string;
  /** The script, played anew in every session. */
  readonly script?: Script;
  /** Called when a client has been admitted. */
  readonly onConnection?: (connection: SimulatedConnection) => void;
  /** Called when a client has been refused, with the code of the reason. */
  readonly onRefused?: (connection: string, code: string) => void;
  readonly onFrame?: (frame: SocketFrame) => void;
  /** Called when a client has left or been disconnected. */
  readonly onGone?: (connection: string) => void;
}

export const listenRule: Rule = serverAnd({
  port: { is: 'number', from: 0, to: 65_535, whole: true },
  host: text,
  pace: { is: 'number', from: 0.001 },
  detects: oneOf('energy', 'script'),
  hears: anything,
  script: anything,
  onConnection: anything,
  onRefused: anything,
  onFrame: anything,
  onGone: anything,
} satisfies Readonly<Record<Exclude<keyof ListenOptions, keyof ServerOptionsGiven>, Rule>>);

export interface SimulatedConnection {
  readonly id: string;
  readonly greeting: Greeting;
  /** The session that the client has joined. */
  readonly server: Server;
  readonly controls: Controls;
}

/** A text frame on a socket. */
export interface SocketFrame {
  /** From the client's point of view. */
  readonly direction: 'sent' | 'received';
  readonly text: string;
  readonly connection: string;
}
