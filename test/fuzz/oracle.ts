import type { Json } from './frames.js';

type Sent = Json & { readonly type: string };

/**
 * Reads both directions of the wire and knows nothing of the gate: whether the server has confirmed what was last asked
 * for. Every update asks for whole fields, so what stands is each field's last confirmed value.
 */
export class Oracle {
  #asked: Json | null = null;
  #standing: Json | null = null;
  confirmed = false;

  sent(frame: Sent): void {
    if (frame.type !== 'session.update') return;
    const { type: _, ...asked } = frame['session'] as Json;
    this.#asked = asked;
    this.confirmed = false;
  }

  received(frame: string | Uint8Array): void {
    const event = readOrNull(typeof frame === 'string' ? frame : new TextDecoder().decode(frame));
    if (this.#asked === null || this.confirmed || !isObject(event) || event['type'] !== 'session.updated') return;
    // An update that changes nothing asks what stands.
    const expected = Object.keys(this.#asked).length === 0 ? this.#standing : this.#asked;
    if (expected === null || !contains(isObject(event['session']) ? event['session'] : {}, expected)) return;
    this.confirmed = true;
    this.#standing = { ...this.#standing, ...this.#asked };
  }

  /** The frame that would confirm what was last asked for; null while nothing was. */
  honestEcho(): string | null {
    if (this.#asked === null) return null;
    const session = { type: 'realtime', id: 'sess_1', ...this.#standing, ...this.#asked };
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
