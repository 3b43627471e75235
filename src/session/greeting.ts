import type { ConnectFailure, Ears, Gone } from '../../types/index.js';
import { ConnectError } from '../errors.js';
import { at, textOf } from '../machine/index.js';
import { withoutSecrets } from '../secrets.js';
import { decode } from '../wire/index.js';
import { handled } from './updates.js';

/**
 * The ears of a connection until the server has greeted it, and a passage to the session's from then on. The server
 * refuses inside the socket: an `error` frame, and then the close.
 */
export class Greeting implements Ears {
  /** Resolves with `session.created`; rejects with `ConnectError`. */
  readonly done: Promise<void>;
  readonly #next: Ears;
  /** The credentials of the line; null until there is a line. */
  #secrets: readonly string[] | null = null;
  /** The server refused before there was a line, and may have quoted credentials that are not known yet. */
  #held: Said | null = null;
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

  /** The credentials of the line, which the server may say back, or may have said. */
  hide(secrets: readonly string[]): void {
    this.#secrets = secrets;
    if (this.#held) this.#refuseAsSaid(this.#held);
  }

  /** What the server refused with, where no line has come after it; null where it has not refused. */
  get refusal(): ConnectError | null {
    return this.#held && !this.#secrets ? new ConnectError(this.#failureOf(this.#held)) : null;
  }

  alive(): void {
    if (!this.#settle) this.#next.alive?.();
  }

  gone({ code, reason: said }: Gone): void {
    const reason = withoutSecrets(said, this.#secrets ?? []);
    const message = `it closed the connection (${code ?? 'without a close frame'}) before the session began`;
    this.refuse({ kind: 'refused', code: null, status: null, message: reason ? `${message}: ${reason}` : message });
    this.#next.gone({ code, reason });
  }

  refuse(failure: ConnectFailure): void {
    this.#settle?.refuse(new ConnectError(failure));
  }

  #refuseAsSaid(said: Said): void {
    this.refuse(this.#failureOf(said));
  }

  /** The server's words are left out where nobody knows what must not be in them. */
  #failureOf({ code, message }: Said): ConnectFailure {
    const words = this.#secrets ? withoutSecrets(message, this.#secrets) : 'it said so before the connection was open.';
    return { kind: 'refused', code, status: null, message: `${words}${advice.get(code ?? '') ?? ''}` };
  }

  #greeted(): void {
    this.#settle?.greet();
    this.#settle = null;
  }
}

/** The key, or the address, has asked for it. */
const TRANSCRIPTION: ConnectFailure = {
  kind: 'refused',
  code: null,
  status: null,
  message:
    'it began a transcription session, which has no responses. Ask for a conversation: a session of type realtime, and its model.',
};

/** A refusal in the server's words. */
interface Said {
  readonly code: string | null;
  readonly message: string;
}

/** Advice on the refusals that the server is known to make. */
const advice: ReadonlyMap<string, string> = new Map([
  ['invalid_api_key', ' Check the API key.'],
  ['insufficient_permissions', ' Give the key access to the Realtime API.'],
  ['missing_model', ' Name a model.'],
  ['invalid_model', ' Name a realtime model that your account can use.'],
  ['insufficient_quota', ' Check the plan and the billing of the account.'],
  ['credit_balance_exhausted', ' Check the plan and the billing of the account.'],
  ['beta_api_shape_disabled', ' Do not send the OpenAI-Beta header.'],
]);
