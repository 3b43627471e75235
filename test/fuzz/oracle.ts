import type { Json } from './frames.js';

type Sent = Json & { readonly type: string };

/**
 * Reads both directions of the wire, independently of the gate, and knows whether the server has confirmed the latest
 * request for a configuration, or, if that is in doubt, the one confirmed before. Every update sets whole fields, so
 * the configuration in force is the last confirmed value of each field.
 */
export class Oracle {
  /** The requests since the last confirmation; an update that changes nothing asks what is in force. */
  #asked: Json[] = [];
  #doubtful = false;
  #standing: Json | null = null;
  confirmed = false;

  sent(frame: Sent): void {
    if (frame.type !== 'session.update') return;
    const { type: _, ...asked } = frame['session'] as Json;
    const isFetch = Object.keys(asked).length === 0;
    // While everything is confirmed, a fetch only checks whether the peer is alive.
    if (isFetch && this.confirmed) return;
    this.#doubtful ||= isFetch || this.#asked.length > 0;
    if (!isFetch) this.#asked = this.#standing === null ? [asked] : [...this.#asked, asked];
    this.confirmed = false;
  }

  received(frame: string | Uint8Array): void {
    const event = readOrNull(typeof frame === 'string' ? frame : new TextDecoder().decode(frame));
    if (this.#asked.length === 0 || this.confirmed || !isObject(event) || event['type'] !== 'session.updated') return;
    const echo = isObject(event['session']) ? event['session'] : {};
    const candidates = [...this.#asked, ...(this.#doubtful && this.#standing ? [this.#standing] : [])];
    const confirmed = candidates.find((asked) => contains(echo, asked));
    if (!confirmed) return;
    this.confirmed = true;
    this.#standing = { ...this.#standing, ...confirmed };
    this.#asked = [];
    this.#doubtful = false;
  }

  /** The frame that would confirm the latest request; null before the first. */
  honestEcho(): string | null {
    if (this.#asked.length === 0 && this.#standing === null) return null;
    const session = { type: 'realtime', id: 'sess_1', ...this.#standing, ...this.#asked.at(-1) };
    return JSON.stringify({ type: 'session.updated', event_id: 'event_honest', session });
  }
}

function readOrNull(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function contains(got: unknown, asked: unknown): boolean {
  if (Array.isArray(asked)) {
    return (
      Array.isArray(got) && got.length === asked.length && asked.every((each, index) => contains(got[index], each))
    );
  }
  if (!isObject(asked)) return Object.is(got, asked);
  return isObject(got) && Object.keys(asked).every((key) => Object.hasOwn(got, key) && contains(got[key], asked[key]));
}
