import type { Controls } from './controls.js';
import type { Script } from './script.js';
import type { Greeting, Server, ServerOptionsGiven } from './server/index.js';

export interface ListenOptions extends ServerOptionsGiven {
  /** Default 0: any that is free. */
  readonly port?: number;
  /** Default `127.0.0.1`. Nobody else can reach it, and nobody else should: it lets everybody in. */
  readonly host?: string;
  /** How many times faster than the wall clock it lives. Default 1. */
  readonly pace?: number;
  /** `energy` (default): whoever appends loud audio speaks. `script`: only `caller` does. */
  readonly detects?: 'energy' | 'script';
  /** What the transcript says of speech that was only heard; `ms` is its length. */
  readonly hears?: (ms: number) => string;
  /** What happens by itself, in every session anew. */
  readonly script?: Script;
  /** A client has arrived, and has been let in. */
  readonly onConnection?: (connection: SimulatedConnection) => void;
  /** A client was not let in; the code says why. */
  readonly onRefused?: (connection: string, code: string) => void;
  readonly onFrame?: (frame: SocketFrame) => void;
  /** A client has left, or has been disconnected. */
  readonly onGone?: (connection: string) => void;
}

export interface SimulatedConnection {
  readonly id: string;
  readonly greeting: Greeting;
  /** The session it takes part in. */
  readonly server: Server;
  readonly controls: Controls;
}

/** What went over a socket, as text. */
export interface SocketFrame {
  /** By the client. */
  readonly direction: 'sent' | 'received';
  readonly text: string;
  readonly connection: string;
}
