/** One place where the server's echo is not what was asked for. */
export interface Difference {
  /** In the wire's own names, e.g. `audio.input.turn_detection.type` or `tools[0].name`. */
  readonly path: string;
  readonly asked: unknown;
  /** Undefined if the echo does not have it. */
  readonly got: unknown;
}

/** Why a configuration was not confirmed. */
export type ConfigureFailure =
  /** The server refused it, and left the session as it was. */
  | {
      readonly kind: 'rejected';
      readonly code: string | null;
      readonly param: string | null;
      readonly message: string;
    }
  /** The server confirmed something else. Every path that differs. */
  | { readonly kind: 'mismatch'; readonly differences: readonly Difference[] }
  /** The server said nothing. */
  | { readonly kind: 'timeout'; readonly afterMs: number }
  /** The connection ended first. `code` is the socket's close code. */
  | { readonly kind: 'lost'; readonly code: number | null; readonly reason: string }
  /** Your `signal`, or your `close()`. */
  | { readonly kind: 'aborted' };

/** Why a connection did not come about. */
export type ConnectFailure =
  /** The server answered, and said no. `code` is its error code, `status` the HTTP status at the upgrade. */
  | {
      readonly kind: 'refused';
      readonly code: string | null;
      readonly status: number | null;
      readonly message: string;
    }
  | { readonly kind: 'unreachable'; readonly message: string }
  | { readonly kind: 'timeout'; readonly afterMs: number }
  | { readonly kind: 'aborted' };
