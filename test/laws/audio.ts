/** The caller's audio, as each line is given it: once, in order, commits in their places, and only while the line is live. */
import { text, type Frame } from './wire-log.js';

/** What was appended or marked carries its place as its `event_id`. */
const PLACE = /^place_(\d+)$/;

export class GivenAudio {
  #places = 0;
  readonly #lastOf = new Map<number, number>();
  readonly #wrong: string[];

  constructor(wrong: string[]) {
    this.#wrong = wrong;
  }

  /** Gives an event the next place. */
  place<Event extends object>(event: Event): Event & { readonly event_id: string } {
    return { ...event, event_id: `place_${++this.#places}` };
  }

  /** Notes what a line was given. */
  gave(line: number, live: number, frame: Frame): void {
    const place = Number(PLACE.exec(text(frame, 'event_id') ?? '')?.[1]);
    if (!isAudio(frame.type) || Number.isNaN(place)) return;
    if (line !== live) this.#wrong.push(`Audio: ${frame.type} went to line ${line}, and ${live} is live`);
    const last = this.#lastOf.get(line) ?? 0;
    if (place <= last) this.#wrong.push(`Audio: line ${line} was given ${frame.type} of place ${place} after ${last}`);
    this.#lastOf.set(line, place);
  }
}

export const isAudio = (type: string): boolean => /^input_audio_buffer\.(append|commit|clear)$/.test(type);
