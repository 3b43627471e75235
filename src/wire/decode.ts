import { codec } from './audio.js';
import { Deltas } from './deltas.js';
import type { AudioDelta, Decoded, ServerEvent, Unreadable } from './event.js';

const AUDIO = 'response.output_audio.delta';
/** A delta of text is no longer. */
const LONGEST_SHORT = 512;

/** Decodes the frames of one connection. */
export class Decoder {
  readonly #clean: (event: ServerEvent, json: string) => ServerEvent;
  readonly #shorts = new Deltas();
  readonly #long = new Deltas();

  /** `clean` is given every event with the text that it was read from, but for base64 in it. */
  constructor(clean: (event: ServerEvent, json: string) => ServerEvent = (event) => event) {
    this.#clean = clean;
  }

  /** Decodes one whole frame: text, or its UTF-8 bytes. Never throws: anything but an event is `unreadable`. */
  decode(frame: string | Uint8Array): Decoded {
    try {
      const audio = frame.length > LONGEST_SHORT ? this.#longAudio(frame) : null;
      return audio ?? this.#decodeText(typeof frame === 'string' ? frame : codec.text(frame));
    } catch {
      return NOT_JSON;
    }
  }

  #decodeText(text: string): Decoded {
    const decoded = (text.length > LONGEST_SHORT ? null : this.#short(text)) ?? parse(text);
    return decoded.kind === 'unreadable' ? decoded : this.#cleaned(decoded, text);
  }

  #longAudio(frame: string | Uint8Array): Decoded | null {
    const event = this.#long.long(frame, AUDIO);
    const decoded = event && asDecoded(event);
    return decoded?.kind === 'audio' ? this.#cleaned(decoded, headIn(decoded.event)) : null;
  }

  #cleaned(decoded: Exclude<Decoded, { kind: 'unreadable' }>, json: string): Decoded {
    const event = this.#clean(decoded.event, json);
    return event === decoded.event ? decoded : asDecoded(event);
  }

  /** Audio counts only where it is base64: its text is checked by nothing else. */
  #short(frame: string): Decoded | null {
    const event = this.#shorts.short(frame, AUDIO);
    const decoded = event && asDecoded(event);
    return decoded?.kind === 'audio' || event?.type !== AUDIO ? decoded : null;
  }
}

/** Decodes one frame that has nothing to do with any other. */
export const decode = (frame: string | Uint8Array): Decoded => new Decoder().decode(frame);

const unreadable = (reason: Unreadable): Decoded => Object.freeze({ kind: 'unreadable', reason });
const NOT_JSON = unreadable('not-json');
const NOT_AN_OBJECT = unreadable('not-an-object');
const NO_TYPE = unreadable('no-type');

function parse(text: string): Decoded {
  const parsed: unknown = JSON.parse(text);
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return NOT_AN_OBJECT;
  return isEvent(parsed) ? asDecoded(parsed) : NO_TYPE;
}

const isEvent = (parsed: object): parsed is ServerEvent => typeof (parsed as { type?: unknown }).type === 'string';

function asDecoded(event: ServerEvent): Decoded {
  if (!isAudio(event)) return { kind: 'event', event };
  const bytes = codec.bytes(event.delta);
  return bytes ? { kind: 'audio', event, bytes } : { kind: 'event', event };
}

/** What a delta of exactly the known shape says besides its audio: in its ids there is nothing to escape. */
const headIn = ({ event_id: event, response_id: response, item_id: item }: AudioDelta): string =>
  `${String(event)} ${String(response)} ${item}`;

const isAudio = (event: ServerEvent): event is AudioDelta =>
  event.type === AUDIO && typeof event['delta'] === 'string' && typeof event['item_id'] === 'string';
