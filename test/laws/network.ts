/** Two lanes between a machine and its server, each in order; frames may be late, lost or refused. */
import type { Loss, Refusing } from './script.js';
import { text, type Frame } from './wire-log.js';

export type Flying = { readonly at: number } & (
  | { readonly frame: Frame }
  | { readonly closes: { readonly code: number | null; readonly reason: string } }
  /** A ping or a pong. */
  | { readonly alive: true }
  /** The client has closed the connection. */
  | { readonly bye: true }
);
type Undated<Each> = Each extends unknown ? Omit<Each, 'at'> : never;

interface Mishap {
  readonly is: (frame: Frame) => boolean;
  left: number;
}

export class Network {
  readonly toServer: Flying[] = [];
  readonly toClient: Flying[] = [];
  readonly #delays: { readonly toServer: readonly number[]; readonly toClient: readonly number[] };
  #flown = 0;
  #lost: Mishap[] = [];
  #refused: (Mishap & Refusing)[] = [];
  #heldUntil = 0;
  /** Whether the server has fallen silent: `alive`: it still answers pings; `dead`: it does not. */
  #muted: 'no' | 'alive' | 'dead' = 'no';

  constructor(delays: { readonly toServer: readonly number[]; readonly toClient: readonly number[] }) {
    this.#delays = delays;
  }

  /** Another connection over the same network, with its disturbances. */
  another(): Network {
    const other = new Network(this.#delays);
    other.#lost = this.#lost;
    other.#refused = this.#refused;
    other.#flown = this.#flown;
    other.#heldUntil = this.#heldUntil;
    other.#muted = this.#muted;
    return other;
  }

  get nextAt(): number {
    return Math.min(this.toServer[0]?.at ?? Infinity, this.toClient[0]?.at ?? Infinity);
  }

  get isDead(): boolean {
    return this.#muted === 'dead';
  }

  mute(how: 'alive' | 'dead'): void {
    this.#muted = how;
    this.cut();
  }

  /** Ends all disturbances. */
  heal(): void {
    this.#lost = [];
    this.#refused = [];
    this.#heldUntil = 0;
  }

  /** Loses what is in flight. */
  cut(): void {
    this.toServer.length = this.toClient.length = 0;
  }

  lose(what: Loss, left: number): void {
    this.#lost.push({ is: losses[what], left });
  }

  /** Makes the server refuse the next event of this kind. */
  refuse(how: Refusing): void {
    this.#refused.push({ ...how, is: ({ type }) => type === how.event, left: 1 });
  }

  /** Holds back everything from the server until this time. */
  hold(until: number): void {
    this.#heldUntil = until;
  }

  /** Sends something to the server. Returns the error with which it will be refused, if it will be. */
  send(now: number, what: Undated<Flying>): Frame | null {
    if (this.#muted !== 'no') return null;
    if ('frame' in what && this.#isLost(what.frame)) return null;
    const refusal = 'frame' in what ? this.#refusal(what.frame) : null;
    if (!refusal) this.#put(this.toServer, this.#delays.toServer, now, what);
    return refusal;
  }

  /** Sends something to the client. */
  bring(now: number, what: Undated<Flying>): void {
    if (this.#muted === 'dead' || (this.#muted === 'alive' && !('alive' in what))) return;
    if ('frame' in what && this.#isLost(what.frame)) return;
    this.#put(this.toClient, this.#delays.toClient, Math.max(now, this.#heldUntil), what);
  }

  #put(lane: Flying[], delays: readonly number[], now: number, what: Undated<Flying>): void {
    const delay = delays[this.#flown++ % delays.length] ?? 0;
    lane.push({ ...what, at: Math.max(now + delay, lane.at(-1)?.at ?? 0) });
  }

  #isLost(frame: Frame): boolean {
    const mishap = this.#lost.find(({ is, left }) => left > 0 && is(frame));
    if (mishap) mishap.left--;
    return mishap !== undefined;
  }

  #refusal(frame: Frame): Frame | null {
    const found = this.#refused.find(({ is, left }) => left > 0 && is(frame));
    if (!found) return null;
    found.left--;
    const { code, type, param, says } = found;
    const event_id = found.names === 'its event' ? text(frame, 'event_id') : null;
    return {
      type: 'error',
      error: { type: type ?? 'invalid_request_error', code, param, message: says ?? 'No.', event_id },
    };
  }
}

const losses: Readonly<Record<Loss, (frame: Frame) => boolean>> = {
  sound: ({ type, ...frame }) =>
    type.startsWith('response.output_audio.') ||
    type.startsWith('output_audio_buffer.') ||
    (type === 'response.content_part.added' && text(frame, 'part.type') === 'audio'),
  created: ({ type }) => type === 'response.created',
  done: ({ type }) => type === 'response.done',
  'a create': ({ type }) => type === 'response.create',
  'an update': ({ type }) => type === 'session.update',
  'an echo': ({ type }) => type === 'session.updated',
  'an item': ({ type }) => type === 'conversation.item.create' || type === 'conversation.item.added',
  'a turn’s end': ({ type }) => type.startsWith('input_audio_buffer.speech_stopped'),
  'a commit': ({ type }) => type === 'input_audio_buffer.committed',
  'an error': ({ type }) => type === 'error',
  'a transcript': ({ type }) => type.includes('input_audio_transcription'),
};
