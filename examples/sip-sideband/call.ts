import { type AnySession, type Ending, type Logger, logTo, sessionParameters } from 'gated-realtime';
import type { WsOptions } from 'gated-realtime/ws';
import OpenAI from 'openai';
import { answeringService, shutdownFarewell } from './answering-service.js';
import { openControlLine } from './control-line.js';

export interface SipOptions {
  readonly client: OpenAI;
  readonly model: string;
  /** The control line of a call. Left out: through the client. */
  readonly sideband?: ((callId: string) => WsOptions) | undefined;
  readonly onSession?: ((callId: string, session: AnySession) => void) | undefined;
}

/** For each request to the calls API: somebody is listening to it ring. */
const API_TIMEOUT_MS = 10_000;

/**
 * One call, from the ringing to its end. The audio goes between the carrier and OpenAI; what we hold is the control
 * line.
 */
export class SipCall {
  /** Resolves once the call is over, and logged. Never rejects. */
  readonly ended: Promise<void>;
  readonly #callId: string;
  readonly #options: SipOptions;
  readonly #log: Logger;
  readonly #service = answeringService(() => this.#hangUp());
  /** Aborted when the program is about to end, and no session can say goodbye. */
  readonly #shutdown = new AbortController();
  #session: AnySession | null = null;

  constructor(callId: string, options: SipOptions, log: Logger) {
    this.#callId = callId;
    this.#options = options;
    this.#log = log;
    this.ended = this.#run();
  }

  /** Ends the call: with a farewell, or, where there is no session that could speak, by hanging up. */
  async sayGoodbye(): Promise<void> {
    if (!this.#session) return this.#shutdown.abort(new Error('The program is shutting down.'));
    const goodbye = { farewell: shutdownFarewell, onBargeIn: 'hang-up', deadlineMs: 10_000 } as const;
    const { kind } = await this.#session.hangup(goodbye);
    // It was another goodbye, under way before, that the caller has taken back.
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
      // Where no answer came, the call may have been accepted: nobody is to be left on a line that nobody serves.
      if (!(error instanceof OpenAI.APIError) || error.status === undefined) await this.#letGo();
      throw error;
    }
  }

  /** Rejects if the call could not be served; then it has been hung up. */
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
      // Nobody is left who would speak: better a call that ends than one that is silent.
      await this.#letGo();
      throw error;
    }
  }

  async #hangUp(): Promise<void> {
    await this.#options.client.realtime.calls.hangup(this.#callId, { timeout: API_TIMEOUT_MS });
  }

  /** Hangs up as well as it can. A caller who has gone before needs no hang-up, and the server says 404. */
  async #letGo(): Promise<void> {
    try {
      await this.#hangUp();
    } catch (err) {
      if (err instanceof OpenAI.NotFoundError) return;
      this.#log.error({ callId: this.#callId, err }, 'the call could not be hung up');
    }
  }
}
