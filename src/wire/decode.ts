import { codec } from './audio.js';
import type { AudioDelta, Decoded, ServerEvent, Unreadable } from './event.js';

/** Decodes one whole frame: text, or its UTF-8 bytes. Never throws: anything but an event is `unreadable`. */
export function decode(frame: string | Uint8Array): Decoded {
  let parsed: unknown;
  try {
    const audio = frame.length > LONGEST_TEXT_DELTA ? sliceAudio(frame) : null;
    if (audio) return audio;
    const text = typeof frame === 'string' ? frame : codec.text(frame);
    const piece = text.length <= LONGEST_TEXT_DELTA && text.endsWith(END) ? sliceText(text) : null;
    if (piece) return piece;
    parsed = JSON.parse(text);
  } catch {
    return NOT_JSON;
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return NOT_AN_OBJECT;
  return isEvent(parsed) ? asDecoded(parsed) : NO_TYPE;
}

const unreadable = (reason: Unreadable): Decoded => Object.freeze({ kind: 'unreadable', reason });
const NOT_JSON = unreadable('not-json');
const NOT_AN_OBJECT = unreadable('not-an-object');
const NO_TYPE = unreadable('no-type');

// Fast paths: text and audio deltas are nearly all of the traffic, and all look alike. A frame of exactly the expected
// shape is sliced instead of parsed, with the same result; any other frame gives null.

const END = '"}';
const LONGEST_TEXT_DELTA = 512;
const LONGEST_HEAD = 300;

/** The beginning of a delta as the server writes it: these fields in this order, without blanks or escapes. */
const HEAD =
  '^\\{"type":"(response\\.[a-z_]+\\.delta)","event_id":"(\\w+)","response_id":"(\\w+)","item_id":"(\\w+)","output_index":(\\d),"content_index":(\\d),"delta":"';
const PLAIN = '([^"\\\\\\u0000-\\u001f]*)';
const TEXT_DELTA = new RegExp(`${HEAD}${PLAIN}"(?:,"obfuscation":"${PLAIN}")?\\}$`);
const AUDIO_HEAD = new RegExp(HEAD);

function sliceText(frame: string): Decoded | null {
  const found = TEXT_DELTA.exec(frame);
  if (!found) return null;
  const event = pieceOf(found, String(found[7]));
  if (found[8] !== undefined) event['obfuscation'] = found[8];
  return asDecoded(event);
}

function pieceOf(found: RegExpExecArray, delta: string): Fields & ServerEvent {
  return {
    type: String(found[1]),
    event_id: found[2],
    response_id: found[3],
    item_id: found[4],
    output_index: Number(found[5]),
    content_index: Number(found[6]),
    delta,
  };
}

/**
 * Slices an audio delta. Everything after the head must be valid base64 up to the end, so that it can contain no quote,
 * escape or control character, and nothing can follow it.
 */
function sliceAudio(frame: string | Uint8Array): Decoded | null {
  const found = AUDIO_HEAD.exec(headOf(frame));
  if (found?.[1] !== AUDIO) return null;
  const rest = restOf(frame, found[0].length);
  if (!rest.endsWith(END)) return null;
  const decoded = asDecoded(pieceOf(found, rest.slice(0, -END.length)));
  return decoded.kind === 'audio' ? decoded : null;
}

/** Copies the head into a string of its own: an id kept from it must not keep the audio in memory. */
const headOf = (frame: string | Uint8Array): string =>
  typeof frame === 'string' ? `${frame.slice(0, LONGEST_HEAD)} ` : codec.ascii(frame, 0, LONGEST_HEAD);

const restOf = (frame: string | Uint8Array, start: number): string =>
  typeof frame === 'string' ? frame.slice(start) : codec.ascii(frame, start, frame.length);

type Fields = Record<string, unknown>;

const AUDIO = 'response.output_audio.delta';

const isEvent = (parsed: object): parsed is ServerEvent => typeof (parsed as { type?: unknown }).type === 'string';

function asDecoded(event: ServerEvent): Decoded {
  if (!isAudio(event)) return { kind: 'event', event };
  const bytes = codec.bytes(event.delta);
  return bytes ? { kind: 'audio', event, bytes } : { kind: 'event', event };
}

const isAudio = (event: ServerEvent): event is AudioDelta =>
  event.type === AUDIO && typeof event['delta'] === 'string' && typeof event['item_id'] === 'string';
