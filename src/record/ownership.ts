import { at, type ClientEvent, isRecord, type ServerEvent, textOf, TOKEN } from '../machine/index.js';

/** Which recorded response answers which imported create: the record's own events know nothing of our tokens. */
export class Ownership {
  /** The metadata of creates that the gate let pass, and that no response has answered yet. */
  #out: unknown[] = [];
  /** By the response's id: the metadata of the create that it answers. */
  readonly #metadata = new Map<string, unknown>();
  /** By the `event_id` that the program gave: the one that the create has now. */
  readonly #eventIds = new Map<string, unknown>();
  #asking: string | null = null;
  /** The response that was created last. */
  latest = '';

  asks(event: ServerEvent): void {
    this.#asking = textOf(event['event_id']);
  }

  /** The machine has written these. */
  wrote(frames: readonly ClientEvent[]): void {
    for (const frame of frames) {
      if (frame.type !== 'response.create') continue;
      this.#out.push(at(frame, 'response', 'metadata'));
      if (this.#asking !== null) this.#eventIds.set(this.#asking, frame['event_id']);
    }
    this.#asking = null;
  }

  /** The event as the server would have sent it to us. */
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

  /** A create that the server refused is answered by no response. */
  #refused(event: ServerEvent): ServerEvent {
    const error = event['error'];
    const eventId = this.#eventIds.get(textOf(at(error, 'event_id')) ?? '');
    if (eventId === undefined || !isRecord(error)) return event;
    const token = textOf(eventId);
    this.#out = this.#out.filter((each) => textOf(at(each, TOKEN)) !== token);
    return { ...event, error: { ...error, event_id: eventId } };
  }
}

/** Whether the metadata of a response is that of the create, our own part aside. */
function isWithin(metadata: Readonly<Record<string, unknown>>, created: unknown): boolean {
  return (
    Object.entries(metadata).length > 0 && Object.entries(metadata).every(([key, value]) => at(created, key) === value)
  );
}
