import { codec } from './audio.js';
import { Deltas } from './deltas.js';
import type { AudioDelta, Decoded, ServerEvent, Unreadable } from './event.js';

const AUDIO = 'response.output_audio.delta';
/** Above it a delta is audio. */
const LONGEST_TEXT_DELTA = 512;

/** Decodes the frames of one connection. */
export class Decoder {
  readonly #text = new Deltas();
  readonly #audio = new Deltas();

  /** Decodes one whole frame: text, or its UTF-8 bytes. Never throws: anything but an event is `unreadable`. */
  decode(frame: string | Uint8Array): Decoded {
    let parsed: unknown;
    try {
      const audio = frame.length > LONGEST_TEXT_DELTA ? this.#audioIn(frame) : null;
      if (audio) return audio;
      const text = typeof frame === 'string' ? frame : codec.text(frame);
      const delta = text.length > LONGEST_TEXT_DELTA ? null : this.#text.text(text);
      if (delta) return asDecoded(delta);
      parsed = JSON.parse(text);
    } catch {
      return NOT_JSON;
    }
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return NOT_AN_OBJECT;
    return isEvent(parsed) ? asDecoded(parsed) : NO_TYPE;
  }

  #audioIn(frame: string | Uint8Array): Decoded | null {
    const event = this.#audio.unchecked(frame, AUDIO);
    const decoded = event && asDecoded(event);
    return decoded?.kind === 'audio' ? decoded : null;
  }
}

/** Decodes one frame that has nothing to do with any other. */
export const decode = (frame: string | Uint8Array): Decoded => new Decoder().decode(frame);

const unreadable = (reason: Unreadable): Decoded => Object.freeze({ kind: 'unreadable', reason });
const NOT_JSON = unreadable('not-json');
const NOT_AN_OBJECT = unreadable('not-an-object');
const NO_TYPE = unreadable('no-type');

const isEvent = (parsed: object): parsed is ServerEvent => typeof (parsed as { type?: unknown }).type === 'string';

function asDecoded(event: ServerEvent): Decoded {
  if (!isAudio(event)) return { kind: 'event', event };
  const bytes = codec.bytes(event.delta);
  return bytes ? { kind: 'audio', event, bytes } : { kind: 'event', event };
}

const isAudio = (event: ServerEvent): event is AudioDelta =>
  event.type === AUDIO && typeof event['delta'] === 'string' && typeof event['item_id'] === 'string';
