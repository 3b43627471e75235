/**
 * A logger of pino's shape: fields first, then a message. Fields are plain objects; an Error is under `err`. `console` does
 * not fit: it takes the message first.
 *
 * @example
 * ```ts
 * const logger: Logger = {
 *   info: (fields, message) => console.log(message, fields),
 *   warn: (fields, message) => console.warn(message, fields),
 *   error: (fields, message) => console.error(message, fields),
 * };
 * const session = await openSession({ model: 'gpt-realtime-2.1', observe: [logTo(logger)] });
 * ```
 */
export interface Logger {
  /**
   * Called for a decision that is as it should be, and for the end of a session.
   *
   * @example
   * ```ts
   * const { info } = pino();
   * info({ purpose: 'greeting' }, 'greeting: admitted');
   * ```
   */
  info(fields: object, message: string): void;
  /**
   * Called for a decision that somebody should look at.
   *
   * @example
   * ```ts
   * const { warn } = pino();
   * warn({ purpose: 'greeting' }, 'greeting: expired');
   * ```
   */
  warn(fields: object, message: string): void;
  /**
   * Called for each fault, with the Error under `err`.
   *
   * @example
   * ```ts
   * const { error } = pino();
   * error({ err: new Error('no answer') }, 'fault');
   * ```
   */
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
