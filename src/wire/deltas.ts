import { codec } from './audio.js';
import type { ServerEvent } from './event.js';

/** The beginning of a delta as the server writes it: these fields in this order, without blanks or escapes. */
const HEAD =
  /^(?<before>\{"type":"(?<type>response\.[a-z_]+\.delta)","event_id":")(?<event>\w+)(?<after>","response_id":"(?<response>\w+)","item_id":"(?<item>\w+)","output_index":(?<output>\d),"content_index":(?<content>\d),"delta":")/;
type Groups = Readonly<
  Record<'before' | 'after' | 'event' | 'type' | 'response' | 'item' | 'output' | 'content', string>
>;

/** The longest head that is looked for. */
const LONGEST_HEAD = 300;
const END = '"}';
const OBFUSCATION = '","obfuscation":"';

/** What a delta begins with, but for the id of the event: all the deltas of a part of a response share it. */
interface Head {
  readonly before: string;
  readonly after: string;
  readonly type: string;
  readonly responseId: string;
  readonly itemId: string;
  readonly outputIndex: number;
  readonly contentIndex: number;
}

interface Begun {
  readonly head: Head;
  readonly eventId: string;
  /** Where the delta begins. */
  readonly start: number;
}

/**
 * Reads the deltas of one connection, which are nearly all of its traffic, without parsing them. A frame of exactly the
 * expected shape is sliced, with the same result; any other gives null. The head of the last delta is remembered, since the
 * next one mostly has the same.
 */
export class Deltas {
  #head: Head | null = null;

  /** A short delta, whole. The text of one of the type `unchecked` must be found to be base64 by others. */
  short(frame: string, unchecked: string): ServerEvent | null {
    const begun = frame.endsWith(END) ? this.#begin(frame) : null;
    if (!begun) return null;
    const last = frame.length - END.length;
    const end = frame.indexOf('"', begun.start);
    const delta = frame.slice(begun.start, end);
    if (begun.head.type !== unchecked && !isPlain(frame, begun.start, end)) return null;
    if (end === last) return eventOf(begun, delta);
    const more = end + OBFUSCATION.length;
    if (more > last || !stands(OBFUSCATION, frame, end) || !isPlain(frame, more, last)) return null;
    const event = eventOf(begun, delta);
    event['obfuscation'] = frame.slice(more, last);
    return event;
  }

  /**
   * A long delta of this type, whose text is not checked: it reaches to the end of the frame, and must be found to be base64,
   * which contains no quote, escape or control character.
   */
  long(frame: string | Uint8Array, type: string): ServerEvent | null {
    const begun = mayBe(type, frame) ? this.#begin(headOf(frame)) : null;
    if (begun?.head.type !== type) return null;
    const rest = restOf(frame, begun.start);
    return rest.endsWith(END) ? eventOf(begun, rest.slice(0, -END.length)) : null;
  }

  #begin(frame: string): Begun | null {
    return (this.#head && continued(this.#head, frame)) ?? this.#anew(frame);
  }

  #anew(frame: string): Begun | null {
    const found = isDelta(frame) ? HEAD.exec(frame) : null;
    if (!found) return null;
    const { before, after, event, type, response, item, output, content } = found.groups as Groups;
    const outputIndex = Number(output);
    const contentIndex = Number(content);
    this.#head = { before, after, type, responseId: response, itemId: item, outputIndex, contentIndex };
    return { head: this.#head, eventId: event, start: found[0].length };
  }
}

function continued(head: Head, frame: string): Begun | null {
  const { before, after } = head;
  if (!stands(before, frame, 0)) return null;
  const end = frame.indexOf('"', before.length);
  if (!stands(after, frame, end)) return null;
  return isId(frame, before.length, end)
    ? { head, eventId: frame.slice(before.length, end), start: end + after.length }
    : null;
}

/** An id is of ASCII: the head of a long frame is decoded as if all of it were. */
const isId = (frame: string, start: number, end: number): boolean => isPlain(frame, start, end, TILDE);

/** Whether this part of a frame is what a JSON string contains as it is: for short texts, faster than a pattern. */
function isPlain(frame: string, start: number, end: number, last = Infinity): boolean {
  for (let at = start; at < end; at++) {
    const code = frame.charCodeAt(at);
    if (code < SPACE || code > last || code === QUOTE || code === BACKSLASH) return false;
  }
  return true;
}
const SPACE = 0x20;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const TILDE = 0x7e;

/** Whether the first field ends as the types of deltas do: cheaper than the pattern, which nearly all other frames fail. */
function isDelta(frame: string): boolean {
  const end = frame.indexOf('"', TYPE.length);
  return frame.slice(end - DELTA.length, end) === DELTA;
}
const TYPE = '{"type":"';
const DELTA = '.delta';

/** Whether a text that begins the frame as its type would end where this one ends. */
function mayBe(type: string, frame: string | Uint8Array): boolean {
  const end = TYPE.length + type.length;
  return (typeof frame === 'string' ? frame.charCodeAt(end) : frame[end]) === QUOTE;
}

/** A slice is compared four times as fast as `startsWith` compares. */
const stands = (part: string, frame: string, at: number): boolean => frame.slice(at, at + part.length) === part;

const eventOf = ({ head, eventId }: Begun, delta: string): ServerEvent & Record<string, unknown> => ({
  type: head.type,
  event_id: eventId,
  response_id: head.responseId,
  item_id: head.itemId,
  output_index: head.outputIndex,
  content_index: head.contentIndex,
  delta,
});

/** Copies the head into a string of its own: an id kept from it must not keep the audio in memory. */
const headOf = (frame: string | Uint8Array): string =>
  typeof frame === 'string' ? `${frame.slice(0, LONGEST_HEAD)} ` : codec.ascii(frame, 0, LONGEST_HEAD);

const restOf = (frame: string | Uint8Array, start: number): string =>
  typeof frame === 'string' ? frame.slice(start) : codec.ascii(frame, start, frame.length);
