/** The network's edge. It carries text, and knows no event name: a session rule in here is a bug. */
export interface Transport {
  /**
   * Opens one connection. The ears go in here, so that nothing arrives before anyone listens. Resolves once text can be
   * sent; rejects with `ConnectError`. Aborting `signal` before that leaves nothing open.
   */
  open(ears: Ears, signal: AbortSignal): Promise<Line>;
}

/** One open connection. */
export interface Line {
  /** Never throws: what cannot be sent any more is dropped, and `gone` says why. */
  send(text: string): void;
  /** Ends it; `gone` follows once it has ended, at the latest a few seconds later. Does nothing the second time. */
  close(code: number, reason: string): void;
  /**
   * Asks the other side for a sign of life; `ears.alive()` follows when it answers. Left out where the transport cannot
   * ask: the session then asks with an event of its own.
   */
  ping?(): void;
  /** Bytes that `send()` has taken and the network has not. Left out: unknown, and nothing bounds them. */
  readonly unsentBytes?: number;
  /**
   * The credentials that opened the line, with and without what stands before them (`Bearer`), each of eight characters
   * or more. The session removes them from everything that the server says.
   */
  readonly secrets?: readonly string[];
}

/** What a transport tells, and to whom. */
export interface Ears {
  /** One whole frame: text, or the UTF-8 bytes of it. The bytes are the listener's to keep. */
  frame(frame: string | Uint8Array): void;
  /** A sign of life without content: a ping or a pong of the other side. */
  alive?(): void;
  /** Exactly once, last. */
  gone(how: Gone): void;
}

/** How a connection ended. */
export interface Gone {
  /** The close code as received; null where no close frame came. */
  readonly code: number | null;
  /** The reason that came with it, without the line's secrets; empty where none came. */
  readonly reason: string;
}
