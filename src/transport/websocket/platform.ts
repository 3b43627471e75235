/** A WebSocket as every platform has it, as far as it is used here. */
export interface PlatformSocket {
  /** 0 connecting, 1 open, 2 closing, 3 closed. */
  readonly readyState: number;
  /** Bytes that were taken and are not sent yet. Left out where a platform does not count them. */
  readonly bufferedAmount?: number;
  /** How a frame of bytes arrives: set to `arraybuffer`. */
  binaryType: string;
  /** Sends one frame of text. */
  send(text: string): void;
  /** Begins to close. Platforms take the codes 1000 and 3000 to 4999. */
  close(code?: number, reason?: string): void;
  /** Hears what happens to it. */
  addEventListener(type: SocketEventType, listener: (event: SocketEvent) => void): void;
}

/** What can happen to a WebSocket. */
export type SocketEventType = 'open' | 'message' | 'error' | 'close';

/** What the events of a WebSocket carry, each some of it. */
export interface SocketEvent {
  /** The name of the event. */
  readonly type: string;
  /** Of a message: text, or an `ArrayBuffer`. */
  readonly data?: unknown;
  /** Of a close: its code, 1006 where no close frame came. */
  readonly code?: unknown;
  /** Of a close: its reason. */
  readonly reason?: unknown;
  /** Of an error, where a platform says more than that there was one. */
  readonly message?: unknown;
}

/** The class of a platform's WebSocket. */
export type WebSocketClass = new (url: string, protocols?: string[]) => PlatformSocket;

/** Where this program runs, as far as it matters to a connection. */
export interface Platform {
  /** Undefined where there is none, as on Node before 22. */
  readonly WebSocket: WebSocketClass | undefined;
  /** In a browser whoever opens the page can read what the program knows. */
  readonly kind: 'browser' | 'own';
}

/** What platforms set in the global scope. */
export interface Scope {
  readonly WebSocket?: unknown;
  readonly document?: unknown;
  readonly WorkerGlobalScope?: unknown;
  readonly WebSocketPair?: unknown;
  readonly Deno?: unknown;
  readonly Bun?: unknown;
  readonly EdgeRuntime?: unknown;
  readonly process?: { readonly versions?: { readonly node?: string } };
}

export const thisPlatform = (): Platform => platformIn(globalThis);

export const platformIn = (scope: Scope): Platform => ({
  WebSocket: scope.WebSocket as WebSocketClass | undefined,
  kind: isBrowser(scope) ? 'browser' : 'own',
});

/** Servers imitate browsers, their workers above all, and have marks of their own. */
function isBrowser({ document, WorkerGlobalScope, Deno, Bun, EdgeRuntime, WebSocketPair, process }: Scope): boolean {
  if (Deno ?? Bun ?? EdgeRuntime ?? WebSocketPair ?? process?.versions?.node) return false;
  return document !== undefined || WorkerGlobalScope !== undefined;
}
