/**
 * A logger of pino's shape: fields first, then a message. What is logged are plain objects; an Error is under `err`. Of
 * `console` it is not: that prints a message first.
 */
export interface Logger {
  /** What goes as it should. */
  info(fields: object, message: string): void;
  /** What somebody should look at. */
  warn(fields: object, message: string): void;
  /** Faults. */
  error(fields: object, message: string): void;
}

/** The options of `logTo()`. Every one may be left out. */
export interface LogOptions {
  /**
   * A request of the program's that follows the one before it within so many milliseconds is marked `rapid` and logged as a
   * warning: two places may be asking for the same answer. 0: none is.
   *
   * @default 500
   */
  readonly rapidMs?: number | undefined;
}
