import type { Json } from './frames.js';

type Sent = Json & { readonly type: string };

/**
 * Reads both directions of the wire and knows nothing of the gate: whether the server has confirmed what was last asked
 * for, or, where that has become doubtful, what had been confirmed before. Every update asks for whole fields, so what
 * stands is each field's last confirmed value.
 */
export class Oracle {
  /** What was asked for since the last confirmation; an update that changes nothing asks what stands. */
  #asked: Json[] = [];
  #doubtful = false;
  #standing: Json | null = null;
  confirmed = false;

  sent(frame: Sent): void {
    if (frame.type !== 'session.update') return;
    const { type: _, ...asked } = frame['session'] as Json;
    const isFetch = Object.keys(asked).length === 0;
    // While all is confirmed, a fetch only asks whether anybody is there.
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

  /** The frame that would confirm what was last asked for; null while nothing was. */
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
