import { codec } from './audio.js';
import type { AudioDelta, Decoded, ServerEvent, Unreadable } from './event.js';

/** One whole frame, text or the UTF-8 bytes of it. Never throws: what is no event is `unreadable`. */
export function decode(frame: string | Uint8Array): Decoded {
  let parsed: unknown;
  try {
    const text = typeof frame === 'string' ? frame : codec.text(frame);
    const audio = sliceAudio(text);
    if (audio) return audio;
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

/** Shorter frames are parsed as fast as they are sliced. */
const WORTH_SLICING = 512;
/** Where `delta` begins at the latest. Recorded frames: at 205. */
const LONGEST_HEAD = 1024;
const LAST_FIELD = ',"delta":"';
const END = '"}';

/**
 * The lane of output audio: parses what stands before `delta`, and slices `delta` itself.
 *
 * Why the result is what parsing the whole would give: the head, closed by a brace, is an object of its own, so `delta` is
 * one more field of that same object, and as its last field it is the one that counts. The rest is one string, because
 * it is base64 from its quote to the frame's last: there is no quote in it, no escape and no control character.
 * Null wherever one of these does not hold.
 */
function sliceAudio(text: string): Decoded | null {
  if (text.length < WORTH_SLICING || !text.endsWith(END)) return null;
  const headEnd = text.slice(0, LONGEST_HEAD).indexOf(LAST_FIELD);
  if (headEnd < 0) return null;
  const event = parseHead(`${text.slice(0, headEnd)}}`);
  if (event?.['type'] !== AUDIO) return null;
  event['delta'] = text.slice(headEnd + LAST_FIELD.length, -END.length);
  const decoded = asDecoded(event as Fields & ServerEvent);
  return decoded.kind === 'audio' ? decoded : null;
}

type Fields = Record<string, unknown>;

function parseHead(text: string): Fields | null {
  try {
    return JSON.parse(text) as Fields;
  } catch {
    return null;
  }
}

const AUDIO = 'response.output_audio.delta';

const isEvent = (parsed: object): parsed is ServerEvent => typeof (parsed as { type?: unknown }).type === 'string';

function asDecoded(event: ServerEvent): Decoded {
  if (!isAudio(event)) return { kind: 'event', event };
  const bytes = codec.bytes(event.delta);
  return bytes ? { kind: 'audio', event, bytes } : { kind: 'event', event };
}

const isAudio = (event: ServerEvent): event is AudioDelta =>
  event.type === AUDIO && typeof event['delta'] === 'string' && typeof event['item_id'] === 'string';
