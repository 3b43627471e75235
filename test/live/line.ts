import type { RealtimeClientEvent, RealtimeResponse, RealtimeServerEvent } from 'openai/resources/realtime/realtime';
import type { Clock } from '../../src/clock.js';
import type { Ears, Transport } from '../../types/index.js';
import { log } from '../interop/log.js';

type Type = RealtimeServerEvent['type'];
type EventOf<Name extends Type> = Extract<RealtimeServerEvent, { type: Name }>;

/** A bare connection: it sends frames unchanged, and keeps what arrives in order. */
export interface Line {
  readonly events: readonly RealtimeServerEvent[];
  send(event: RealtimeClientEvent): void;
  /** Appends speech, all of it at once. */
  speaks(): void;
  /** Appends a second and a half of silence. */
  isSilent(): void;
  /** The `nth` event of this type since the connection was opened. */
  next<Name extends Type>(type: Name, nth?: number): Promise<EventOf<Name>>;
  /** The `nth` event of any of these types. */
  nextOf<Name extends Type>(types: readonly Name[], nth?: number): Promise<EventOf<Name>>;
  /** The same, or null if this many milliseconds of the server's time pass first. */
  soon<Event>(event: Promise<Event>, ms: number): Promise<Event | null>;
  /** Resolves with the way in which the connection ended. */
  readonly ended: Promise<string>;
  close(): void;
}

export interface LineOptions {
  readonly transport: Transport;
  readonly clock: Clock;
  /** 16-bit PCM at 24 kHz. */
  readonly speech: Uint8Array;
  /** Called with each frame sent. */
  readonly sent?: ((text: string) => void) | undefined;
}

const bytesPerMs = 48;
const frameBytes = 100 * bytesPerMs;
const silence = new Uint8Array(1_500 * bytesPerMs);

/** Rejects if the server does not answer. */
export async function dial({ transport, clock, speech, sent }: LineOptions): Promise<Line> {
  const events = log<RealtimeServerEvent>();
  const { promise: ended, resolve: end } = deferred<string>();
  const ears: Ears = {
    frame: (frame) => events.add(JSON.parse(Buffer.from(frame).toString('utf8')) as RealtimeServerEvent),
    gone: ({ code, reason }) => end(`the server hung up: ${code ?? 'without a code'} ${reason}`),
  };
  const wire = await transport.open(ears, AbortSignal.timeout(10_000));
  const send = (event: RealtimeClientEvent): void => {
    const text = JSON.stringify(event);
    wire.send(text);
    sent?.(text);
  };
  const append = (audio: Uint8Array): void => {
    for (let at = 0; at < audio.length; at += frameBytes) {
      const frame = Buffer.from(audio.subarray(at, at + frameBytes)).toString('base64');
      send({ type: 'input_audio_buffer.append', audio: frame });
    }
  };
  const nextOf = <Name extends Type>(types: readonly Name[], nth?: number) =>
    events.until((event): event is EventOf<Name> => types.some((type) => type === event.type), nth);
  return {
    events: events.entries,
    send,
    speaks: () => append(speech),
    isSilent: () => append(silence),
    next: (type, nth) => nextOf([type], nth),
    nextOf,
    async soon(event, ms) {
      const { promise: late, resolve } = deferred<null>();
      const callOff = clock.after(ms, () => resolve(null));
      return Promise.race([event, late]).finally(callOff);
    },
    ended,
    close: () => wire.close(1000, ''),
  };
}

function deferred<Value>() {
  let resolve: (value: Value) => void = () => undefined;
  const promise = new Promise<Value>((settle) => (resolve = settle));
  return { promise, resolve };
}

const isAsynchronous = (type: string): boolean =>
  type.endsWith('.delta') || type.includes('input_audio_transcription') || type === 'rate_limits.updated';

/** The types of the events from `from` to `to`, without those that may come at any moment. */
export function order({ events }: Line, from: number, to: RealtimeServerEvent): string {
  const types = events.slice(from, events.indexOf(to) + 1).map(({ type }) => type);
  return types.filter((type) => !isAsynchronous(type)).join(', ');
}

/** The usage that a response reports. */
export function used({ usage }: RealtimeResponse): string {
  if (!usage) return 'no usage';
  const { input_tokens: input = 0, output_tokens: output = 0 } = usage;
  if (input === 0 && output === 0) return 'usage zero';
  return output === 0 ? 'usage of its input' : 'usage of input and output';
}

/** How a response ended. */
export const ending = ({ status, status_details: details }: RealtimeResponse): string =>
  details?.reason ? `${String(status)} (${details.reason})` : (status ?? 'without a status');

/** The code of an error, or its type. */
export const codeOf = ({ error }: EventOf<'error'>): string => error.code ?? error.type;
