import { isRecord, type ServerEvent } from '../machine/index.js';

/** One line of a log of plain Realtime events. */
export interface Entry {
  readonly direction: 'sent' | 'received';
  readonly event: ServerEvent;
  /** Milliseconds; null where the line has no time. */
  readonly time: number | null;
}

/** Client event types, by which an event without a direction shows who sent it. */
const sent =
  /^(session\.update|response\.(create|cancel)|conversation\.item\.(create|delete|retrieve|truncate)|(input|output)_audio_buffer\.(append|commit|clear))$/;

/**
 * Reads a line of a usual shape: an event, or an event beside its direction and perhaps its time. Null: another shape.
 */
export function entryOf(line: unknown): Entry | null {
  if (!isRecord(line)) return null;
  const time = timeOf(line);
  const beside = ['event', 'data', 'message', 'payload'].map((key) => eventIn(line[key])).find((each) => each !== null);
  const event = beside ?? eventIn(line);
  if (!event) return null;
  const direction = beside ? (directionOf(line) ?? bySender(event)) : bySender(event);
  return { direction, event, time };
}

const bySender = ({ type }: ServerEvent): Entry['direction'] => (sent.test(type) ? 'sent' : 'received');

function eventIn(value: unknown): ServerEvent | null {
  if (typeof value === 'string' && value.startsWith('{')) return eventIn(parsed(value));
  return isRecord(value) && typeof value['type'] === 'string' ? (value as ServerEvent) : null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const directions: ReadonlyMap<unknown, Entry['direction']> = new Map([
  ...['received', 'in', 'inbound', 'recv', 'server', 'from_server', 'incoming'].map(
    (word) => [word, 'received'] as const,
  ),
  ...['sent', 'out', 'outbound', 'send', 'client', 'to_server', 'outgoing'].map((word) => [word, 'sent'] as const),
]);

function directionOf(line: Readonly<Record<string, unknown>>): Entry['direction'] | null {
  for (const key of ['direction', 'dir', 'from', 'source']) {
    const found = directions.get(line[key]);
    if (found) return found;
  }
  return null;
}

function timeOf(line: Readonly<Record<string, unknown>>): number | null {
  for (const key of ['time', 'timestamp', 'ts', 'at', 't']) {
    const value = line[key];
    if (typeof value === 'number' && Number.isFinite(value)) return isSeconds(value) ? value * 1_000 : value;
    const date = typeof value === 'string' ? Date.parse(value) : NaN;
    if (!Number.isNaN(date)) return date;
  }
  return null;
}

/**
 * Whether a time is in seconds since 1970, as some logs have it. Smaller numbers are milliseconds from any start,
 * larger ones milliseconds since 1970.
 */
const isSeconds = (value: number): boolean => value > 1e9 && value < 1e11;

/** The time of each entry, counted from the first; null unless every entry has one. */
export function timesIn(entries: readonly Entry[]): readonly number[] | null {
  const times = entries.map(({ time }) => time).filter((time) => time !== null);
  const [first] = times;
  return first === undefined || times.length < entries.length ? null : times.map((time) => time - first);
}
