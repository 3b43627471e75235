import type { Ears, Gone, Line, Transport } from '../../types/index.js';
import { type Entries, noEntries, put, without } from '../collections.js';
import { ConnectError } from '../errors.js';
import type { Rules } from '../machine/index.js';
import { withoutSecrets } from '../secrets.js';
import type { Outbound } from './outbound.js';

/** A sign of life. No frame can be taken for it. */
export const ALIVE = Symbol('alive');

/** What a line brings. */
export type Brought =
  | string
  | Uint8Array
  | typeof ALIVE
  | { readonly opened: true }
  | { readonly gone: Gone }
  | { readonly notOpened: NotOpened };
/** What opens a line, ends it, or says that it could not be opened. */
export type End = Exclude<Brought, string | Uint8Array | typeof ALIVE>;
interface NotOpened {
  readonly status: number | null;
  readonly code: string | null;
  readonly message: string;
}

interface Bringing {
  bring(line: number, what: Brought): void;
}

/** The number of the line that the session begins with. */
export const FIRST = 1;
const ONLY_FIRST: readonly number[] = [FIRST];

/** The lines of a session by their numbers: those after the first are opened here, through the same transport. */
export class Lines {
  #transport: Transport | null = null;
  readonly #outbound: Outbound;
  readonly #arrivals: Bringing;
  /** Those that are listened to. */
  #heard: readonly number[] = ONLY_FIRST;
  /** What calls off the opening of those that are being opened. */
  #dialling: Entries<number, AbortController> = noEntries;

  constructor(outbound: Outbound, arrivals: Bringing) {
    this.#outbound = outbound;
    this.#arrivals = arrivals;
  }

  hears(number: number): boolean {
    return this.#heard.includes(number);
  }

  /** Begins with the first line. Returns what it and its transport can do. */
  begin(line: Line, transport: Transport): Pick<Rules, 'pings' | 'keys'> {
    this.#transport = transport;
    this.#outbound.attach(FIRST, line);
    this.#outbound.use(FIRST);
    return { pings: line.ping ? 'can ask' : 'cannot ask', keys: transport.credentials ?? 'fixed' };
  }

  /** No other line is dialled: the transport, which has keys and more, is not kept. */
  stay(): void {
    this.#transport = null;
  }

  /** What comes before the line is open waits for that. */
  dial(number: number): void {
    const abort = new AbortController();
    this.#heard = [...this.#heard, number];
    this.#dialling = put(this.#dialling, number, abort);
    let waiting: Brought[] | null = [];
    const bring = (what: Brought): void => {
      if (waiting) waiting.push(what);
      else this.#arrivals.bring(number, what);
    };
    const opened = (line: Line): void => {
      this.#dialling = without(this.#dialling, number);
      if (!this.hears(number)) return line.close(1000, 'OK');
      this.#outbound.attach(number, line);
      this.#arrivals.bring(number, { opened: true });
      const early = waiting ?? [];
      waiting = null;
      for (const what of early) bring(what);
    };
    const ears: Ears = {
      frame: (frame) => bring(frame),
      alive: () => bring(ALIVE),
      gone: (gone) => bring({ gone }),
    };
    const refused = (error: unknown): void => {
      this.#dialling = without(this.#dialling, number);
      this.#arrivals.bring(number, { notOpened: this.#failureIn(error) });
    };
    void this.#open(ears, abort.signal).then(opened, refused);
  }

  /** Nothing more of it is listened to: it has ended. */
  leave(number: number): void {
    this.#heard = this.#heard.filter((each) => each !== number);
    this.#outbound.detach(number);
  }

  /** The same of one that is not wanted any more, whether or not it is open. */
  shut(number: number): void {
    this.#dialling.get(number)?.abort();
    this.#outbound.shut(number);
    this.leave(number);
  }

  /** Nothing is listened to any more. */
  giveUp(): void {
    for (const abort of this.#dialling.values()) abort.abort();
    this.#heard = [];
    this.#outbound.giveUp();
  }

  /** Never inside a step: what a transport does at once comes after all that is being told. */
  async #open(ears: Ears, signal: AbortSignal): Promise<Line> {
    await Promise.resolve();
    if (!this.#transport) throw new Error('There is no transport.');
    return this.#transport.open(ears, signal);
  }

  #failureIn(error: unknown): NotOpened {
    const failure = error instanceof ConnectError && error.failure.kind === 'refused' ? error.failure : null;
    const said = error instanceof Error ? error.message : String(error);
    const message = withoutSecrets(said, this.#outbound.secrets);
    return { status: failure?.status ?? null, code: failure?.code ?? null, message };
  }
}
