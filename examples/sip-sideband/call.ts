import { type AnySession, type Ending, type Logger, logTo, sessionParameters } from 'gated-realtime';
import type { WsOptions } from 'gated-realtime/ws';
import OpenAI from 'openai';
import { answeringService, shutdownFarewell } from './answering-service.js';
import { openControlLine } from './control-line.js';

export interface SipOptions {
  readonly client: OpenAI;
  readonly model: string;
  /** How to connect to a call. Left out: through the client. */
  readonly sideband?: ((callId: string) => WsOptions) | undefined;
  readonly onSession?: ((callId: string, session: AnySession) => void) | undefined;
}

/** The timeout of each request to the calls API, while the caller hears it ringing. */
const API_TIMEOUT_MS = 10_000;

/**
 * One call, from ringing to its end. The audio runs between the carrier and OpenAI; this program controls it by a
 * sideband connection.
 */
export class SipCall {
  /** Resolves once the call is over and logged. Never rejects. */
  readonly ended: Promise<void>;
  readonly #callId: string;
  readonly #options: SipOptions;
  readonly #log: Logger;
  readonly #service = answeringService(() => this.#hangUp());
  /** Aborted when the program is about to stop before a session could say goodbye. */
  readonly #shutdown = new AbortController();
  #session: AnySession | null = null;

  constructor(callId: string, options: SipOptions, log: Logger) {
    this.#callId = callId;
    this.#options = options;
    this.#log = log;
    this.ended = this.#run();
  }

  /** Ends the call: with a farewell, or, without a session that could speak, by hanging up. */
  async sayGoodbye(): Promise<void> {
    if (!this.#session) return this.#shutdown.abort(new Error('The program is shutting down.'));
    const goodbye = { farewell: shutdownFarewell, onBargeIn: 'hang-up', deadlineMs: 10_000 } as const;
    const { kind } = await this.#session.hangup(goodbye);
    // The caller interrupted an earlier goodbye, so a new one is needed.
    if (kind === 'resumed') await this.sayGoodbye();
  }

  async #run(): Promise<void> {
    const callId = this.#callId;
    try {
      await this.#accept();
      this.#log.info({ callId, ending: await this.#converse() }, 'the call is over');
    } catch (err) {
      this.#log.error({ callId, err }, 'the call was not served');
    }
  }

  async #accept(): Promise<void> {
    const { client, model } = this.#options;
    const { signal } = this.#shutdown;
    try {
      const options = { timeout: API_TIMEOUT_MS, signal };
      await client.realtime.calls.accept(this.#callId, { model, ...sessionParameters(this.#service) }, options);
    } catch (error) {
      // Without an answer, the call may have been accepted after all: hang up, so that nobody stays on a dead line.
      if (!(error instanceof OpenAI.APIError) || error.status === undefined) await this.#letGo();
      throw error;
    }
  }

  /** Runs the conversation. Rejects if the call could not be served; it has then been hung up. */
  async #converse(): Promise<Ending> {
    const { client, sideband = (callId) => ({ client, callId }), onSession } = this.#options;
    const callId = this.#callId;
    try {
      const observe = [logTo(this.#log)];
      const line = { ...sideband(callId), ...this.#service, signal: this.#shutdown.signal, observe };
      await using session = await openControlLine(line, (err) =>
        this.#log.info({ callId, err }, 'the control line was refused, and is tried again'),
      );
      this.#shutdown.signal.throwIfAborted();
      this.#session = session;
      onSession?.(callId, session);
      session.respond('greeting', { whenBlocked: 'hold-this-turn' });
      return await session.closed;
    } catch (error) {
      // Nobody would speak any more: better to end the call than to leave it silent.
      await this.#letGo();
      throw error;
    }
  }

  async #hangUp(): Promise<void> {
    await this.#options.client.realtime.calls.hangup(this.#callId, { timeout: API_TIMEOUT_MS });
  }

  /** Hangs up if it can. For a caller who has already left, the server answers 404. */
  async #letGo(): Promise<void> {
    try {
      await this.#hangUp();
    } catch (err) {
      if (err instanceof OpenAI.NotFoundError) return;
      this.#log.error({ callId: this.#callId, err }, 'the call could not be hung up');
    }
  }
}
