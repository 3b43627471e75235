import type { ConnectFailure, Ears, Gone } from '../../types/index.js';
import { ConnectError } from '../errors.js';
import { at, textOf } from '../machine/index.js';
import { withoutSecrets } from '../secrets.js';
import { decode } from '../wire/index.js';
import { handled } from './updates.js';

/**
 * Handles a connection's events until the server has greeted it, and passes them on to the session afterwards. The
 * server refuses only after the socket is open, by an `error` frame and then a close.
 */
export class Greeting implements Ears {
  /** Resolves on `session.created`; rejects with `ConnectError`. */
  readonly done: Promise<void>;
  readonly #next: Ears;
  /** The credentials of the connection; null until it is open. */
  #secrets: readonly string[] | null = null;
  /** A refusal that arrived before the connection was open: it may quote credentials that are not known yet. */
  #held: Said | null = null;
  /** How the connection ended before the server had greeted it. */
  lost: Gone | null = null;
  #settle: { readonly greet: () => void; readonly refuse: (error: ConnectError) => void } | null = null;

  constructor(next: Ears, kind: 'own' | 'sideband') {
    this.#next = next;
    this.done = handled(
      new Promise((greet, refuse) => {
        this.#settle = { greet, refuse };
      }),
    );
    if (kind === 'sideband') this.#greeted();
  }

  frame(frame: string | Uint8Array): void {
    if (!this.#settle) return this.#next.frame(frame);
    const decoded = decode(frame);
    if (decoded.kind !== 'event') return;
    const { event } = decoded;
    if (event.type === 'error') {
      const code = textOf(at(event, 'error', 'code')) ?? textOf(at(event, 'error', 'type'));
      this.#held ??= { code, message: textOf(at(event, 'error', 'message')) ?? 'no reason given' };
      if (this.#secrets) this.#refuseAsSaid(this.#held);
    }
    if (event.type !== 'session.created') return;
    if (at(event, 'session', 'type') === 'transcription') return this.refuse(TRANSCRIPTION);
    this.#greeted();
    this.#next.frame(frame);
  }

  /** Sets the credentials to remove from the server's messages, earlier ones included. */
  hide(secrets: readonly string[]): void {
    this.#secrets = secrets;
    if (this.#held) this.#refuseAsSaid(this.#held);
  }

  /** The refusal that arrived before the connection was open; null where there is none. */
  get refusal(): ConnectError | null {
    return this.#held && !this.#secrets ? new ConnectError(this.#failureOf(this.#held)) : null;
  }

  alive(): void {
    if (!this.#settle) this.#next.alive?.();
  }

  gone({ code, reason: said }: Gone): void {
    if (!this.#settle) return this.#next.gone({ code, reason: said });
    const reason = withoutSecrets(said, this.#secrets ?? []);
    const message = `it closed the connection (${code ?? 'without a close frame'}) before the session began`;
    this.lost = { code, reason };
    this.refuse({ kind: 'refused', code: null, status: null, message: reason ? `${message}: ${reason}` : message });
  }

  refuse(failure: ConnectFailure): void {
    this.#settle?.refuse(new ConnectError(failure));
  }

  #refuseAsSaid(said: Said): void {
    this.refuse(this.#failureOf(said));
  }

  /** Leaves the server's message out while the credentials to remove from it are unknown. */
  #failureOf({ code, message }: Said): ConnectFailure {
    const words = this.#secrets ? withoutSecrets(message, this.#secrets) : 'it said so before the connection was open.';
    return { kind: 'refused', code, status: null, message: `${words}${advice.get(code ?? '') ?? ''}` };
  }

  #greeted(): void {
    this.#settle?.greet();
    this.#settle = null;
  }
}

/** The refusal of a transcription session, which the key or the address asked for. */
const TRANSCRIPTION: ConnectFailure = {
  kind: 'refused',
  code: null,
  status: null,
  message:
    'it began a transcription session, which has no responses. Ask for a conversation: a session of type realtime, and its model.',
};

/** A refusal as the server worded it. */
interface Said {
  readonly code: string | null;
  readonly message: string;
}

/** Advice for known refusals, by the server's code. */
const advice: ReadonlyMap<string, string> = new Map([
  ['invalid_api_key', ' Check the API key.'],
  ['insufficient_permissions', ' Give the key access to the Realtime API.'],
  ['missing_model', ' Name a model.'],
  ['invalid_model', ' Name a realtime model that your account can use.'],
  ['insufficient_quota', ' Check the plan and the billing of the account.'],
  ['credit_balance_exhausted', ' Check the plan and the billing of the account.'],
  ['beta_api_shape_disabled', ' Do not send the OpenAI-Beta header.'],
]);
