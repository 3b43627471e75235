/** The network's edge. It carries text, and knows no event name: a session rule in here is a bug. */
export interface Transport {
  /**
   * Opens one connection. The listeners go in here, so that nothing arrives before anyone listens. Resolves once text can be
   * sent. Aborting `signal` before that leaves nothing open.
   *
   * @throws `ConnectError`, as a rejection, where the connection does not come about.
   * @example
   * ```ts
   * const transport: Transport = {
   *   open: (ears) =>
   *     new Promise((resolve) => {
   *       const socket = new WebSocket('ws://127.0.0.1:8765/v1/realtime?model=gpt-realtime-2.1');
   *       socket.onmessage = ({ data }) => ears.frame(String(data));
   *       socket.onclose = ({ code, reason }) => ears.gone({ code, reason });
   *       socket.onopen = () =>
   *         resolve({ send: (text) => socket.send(text), close: (code, reason) => socket.close(code, reason) });
   *     }),
   * };
   * ```
   */
  open(ears: Ears, signal: AbortSignal): Promise<Line>;
  /**
   * `renewed`: each `open()` asks for a key of its own, such as a function of the program's. Where the server refuses a
   * key, it is then asked once more.
   *
   * @default 'fixed'
   */
  readonly credentials?: 'fixed' | 'renewed';
}

/** One open connection. */
export interface Line {
  /**
   * Sends one text. Never throws: what cannot be sent any more is dropped, and `gone` says why.
   *
   * @example
   * ```ts
   * const { transport } = createSimulator();
   * const line = await transport.open(ears, new AbortController().signal);
   * line.send('{"type":"input_audio_buffer.clear"}');
   * ```
   */
  send(text: string): void;
  /**
   * Ends the connection; `gone` follows once it has ended, at the latest a few seconds later. Does nothing the second time.
   *
   * @example
   * ```ts
   * const { transport } = createSimulator();
   * const line = await transport.open(ears, new AbortController().signal);
   * line.close(1000, 'done');
   * ```
   */
  close(code: number, reason: string): void;
  /**
   * Asks the other side for a sign of life; `ears.alive()` follows when it answers. Left out where the transport cannot
   * ask: the session then asks with an event of its own.
   *
   * @example
   * ```ts
   * const { transport } = createSimulator();
   * const line = await transport.open(ears, new AbortController().signal);
   * line.ping?.();
   * ```
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

/** The listeners that a transport tells. */
export interface Ears {
  /**
   * Takes one whole frame: text, or the UTF-8 bytes of it. The bytes are the listener's to keep.
   *
   * @example
   * ```ts
   * ears.frame('{"type":"input_audio_buffer.cleared","event_id":"event_1"}');
   * ```
   */
  frame(frame: string | Uint8Array): void;
  /**
   * Takes a sign of life without content: a ping or a pong of the other side.
   *
   * @example
   * ```ts
   * ears.alive?.();
   * ```
   */
  alive?(): void;
  /**
   * Takes the end of the connection: exactly once, last.
   *
   * @example
   * ```ts
   * ears.gone({ code: 1006, reason: '' });
   * ```
   */
  gone(how: Gone): void;
}

/** How a connection ended. */
export interface Gone {
  /** The close code as received; null where no close frame came. */
  readonly code: number | null;
  /** The reason that came with it, without the line's secrets; empty where none came. */
  readonly reason: string;
}
