import { at, type ClientEvent, isRecord, type ServerEvent, textOf, TOKEN } from '../machine/index.js';

/** Matches recorded responses with imported creates, because the recorded events lack our tokens. */
export class Ownership {
  /** The metadata of admitted creates that no response has answered yet. */
  #out: unknown[] = [];
  /** The metadata of the answered create, by the response's id. */
  readonly #metadata = new Map<string, unknown>();
  /** The `event_id` that the machine gave a create, by the one that the program had given it. */
  readonly #eventIds = new Map<string, unknown>();
  #asking: string | null = null;
  /** The response created most recently. */
  latest = '';

  asks(event: ServerEvent): void {
    this.#asking = textOf(event['event_id']);
  }

  /** Takes the frames that the machine has written. */
  wrote(frames: readonly ClientEvent[]): void {
    for (const frame of frames) {
      if (frame.type !== 'response.create') continue;
      this.#out.push(at(frame, 'response', 'metadata'));
      if (this.#asking !== null) this.#eventIds.set(this.#asking, frame['event_id']);
    }
    this.#asking = null;
  }

  /** Adds our metadata to an event, as the server would have sent it to us. */
  received(event: ServerEvent): ServerEvent {
    if (event.type === 'error') return this.#refused(event);
    const response = event['response'];
    const id = textOf(at(response, 'id'));
    if (!isRecord(response) || id === null) return event;
    if (event.type === 'response.created') this.#created(id, response['metadata']);
    const metadata = this.#metadata.get(id);
    return metadata === undefined ? event : { ...event, response: { ...response, metadata } };
  }

  #created(id: string, metadata: unknown): void {
    this.latest = id;
    const place = isRecord(metadata) ? this.#out.findIndex((each) => isWithin(metadata, each)) : -1;
    const [answered] = this.#out.splice(Math.max(0, place), 1);
    if (answered !== undefined) this.#metadata.set(id, answered);
  }

  /** Forgets a create that the server refused, and puts the machine's `event_id` into the error. */
  #refused(event: ServerEvent): ServerEvent {
    const error = event['error'];
    const eventId = this.#eventIds.get(textOf(at(error, 'event_id')) ?? '');
    if (eventId === undefined || !isRecord(error)) return event;
    const token = textOf(eventId);
    this.#out = this.#out.filter((each) => textOf(at(each, TOKEN)) !== token);
    return { ...event, error: { ...error, event_id: eventId } };
  }
}

/** Whether the response's metadata equals the create's, apart from the keys that we add. */
function isWithin(metadata: Readonly<Record<string, unknown>>, created: unknown): boolean {
  return (
    Object.entries(metadata).length > 0 && Object.entries(metadata).every(([key, value]) => at(created, key) === value)
  );
}
