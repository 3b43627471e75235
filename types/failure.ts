/** One place where the server's echo is not what was asked for. */
export interface Difference {
  /** In the wire's own names, e.g. `audio.input.turn_detection.type` or `tools[0].name`. */
  readonly path: string;
  /** The value that was asked for. */
  readonly asked: unknown;
  /** Undefined if the echo does not have it. */
  readonly got: unknown;
}

/** Why a configuration was not confirmed. */
export type ConfigureFailure =
  | {
      /** The server refused it, and left the session as it was. */
      readonly kind: 'rejected';
      /** The server's error code. */
      readonly code: string | null;
      /** The setting that the server names, e.g. `session.audio.output.voice`. */
      readonly param: string | null;
      /** The server's words. */
      readonly message: string;
    }
  | {
      /** The server confirmed something else. */
      readonly kind: 'mismatch';
      /** Every path that differs. */
      readonly differences: readonly Difference[];
    }
  | {
      /** The server said nothing. */
      readonly kind: 'timeout';
      /** Milliseconds that it was waited for. */
      readonly afterMs: number;
    }
  | {
      /** The connection ended first. */
      readonly kind: 'lost';
      /** The socket's close code; null where none came. */
      readonly code: number | null;
      /** The reason that came with it; empty where none came. */
      readonly reason: string;
    }
  | {
      /** Your `signal`, or your `close()`. */
      readonly kind: 'aborted';
    };

/** Why a connection did not come about. */
export type ConnectFailure =
  | {
      /** The server answered, and said no. */
      readonly kind: 'refused';
      /** The server's error code. */
      readonly code: string | null;
      /** The HTTP status at the upgrade. */
      readonly status: number | null;
      /** The server's words. */
      readonly message: string;
    }
  | {
      /** No server answered. */
      readonly kind: 'unreachable';
      /** The network's words. */
      readonly message: string;
    }
  | {
      /** The server said nothing. */
      readonly kind: 'timeout';
      /** Milliseconds that it was waited for. */
      readonly afterMs: number;
    }
  | {
      /** Your `signal`. */
      readonly kind: 'aborted';
    };
