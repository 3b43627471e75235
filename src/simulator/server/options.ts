import type { Dialect } from './dialects.js';
import type { Faults } from './faults.js';
import { noFaults } from './faults.js';

/** Latencies in milliseconds of the server's clock. With all zero, only the order of events remains. */
export interface Latency {
  /** From the connection to `session.created`. */
  readonly connect: number;
  /** From `session.update` to `session.updated`. */
  readonly update: number;
  /** From `conversation.item.create` to `conversation.item.added`. */
  readonly item: number;
  /** From any other client event to its acknowledgement, and from anything refused to its error. */
  readonly acknowledge: number;
  /** From `response.create` to `response.created`. */
  readonly create: number;
  /** From the end of a turn to the `response.created` of its automatic answer. */
  readonly automatic: number;
  /** From `response.created` to the first output item. */
  readonly firstItem: number;
  /** From the end of the last item to `response.done`. */
  readonly done: number;
  /** From `response.done` to `rate_limits.updated`. */
  readonly rateLimits: number;
  /** From the end of speech to its transcript. */
  readonly transcription: number;
}

/** Latencies measured on the real server. */
export const realisticLatency: Latency = {
  connect: 20,
  update: 60,
  item: 60,
  acknowledge: 40,
  create: 90,
  automatic: 0,
  firstItem: 330,
  done: 15,
  rateLimits: 40,
  transcription: 450,
};

export const noLatency: Latency = {
  connect: 0,
  update: 0,
  item: 0,
  acknowledge: 0,
  create: 0,
  automatic: 0,
  firstItem: 0,
  done: 0,
  rateLimits: 0,
  transcription: 0,
};

/** Options of the simulated server. Plain data. */
export interface ServerOptions {
  /** The same seed gives the same ids. */
  readonly seed: number;
  /** The model of a connection that names none (a call). */
  readonly model: string;
  /**
   * `webrtc` stands for a call (WebRTC or SIP): audio travels separately, and `output_audio_buffer.*` events report on
   * it.
   */
  readonly media: 'websocket' | 'webrtc';
  /** The accepted keys. Null: any key, or none. */
  readonly apiKeys: readonly string[] | null;
  readonly latency: Latency;
  /** How many times faster than real time an answer is generated. Infinity: at once. */
  readonly speed: number;
  /** How long one character takes to be spoken, in milliseconds. */
  readonly msPerCharacter: number;
  /** A tone; silence of the same length; or four bytes per delta whatever its length, for speed. */
  readonly audio: 'tone' | 'silence' | 'tiny';
  /** The audio in one delta, in milliseconds. */
  readonly audioDeltaMs: number;
  /** The maximum age of a session. Null: an hour, enforced at the first event afterwards instead of on the minute. */
  readonly lifetimeMs: number | null;
  /** Milliseconds between pings. Null: none. In memory, pings alone do not make virtual time run. */
  readonly pingEveryMs: number | null;
  /** The Unix time, in seconds, at zero of the server's clock. */
  readonly unixSecondsAtZero: number;
  /**
   * `azure`: a wrong key is refused at the upgrade with 401, any deployment is a model, parts of content stand twice in
   * their events, and no limits are told.
   */
  readonly dialect: Dialect;
  readonly faults: Faults;
}

export interface ServerOptionsGiven extends Partial<Omit<ServerOptions, 'latency' | 'faults'>> {
  readonly latency?: Partial<Latency>;
  readonly faults?: Partial<Faults>;
}

export const hourMs = 3_600_000;
/** The Unix time at zero of a clock that begins at zero. */
export const unixSecondsAtZero = 1_790_000_000;

export function completeOptions(given: ServerOptionsGiven): ServerOptions {
  return {
    seed: 1,
    model: 'gpt-realtime-2.1',
    media: 'websocket',
    apiKeys: null,
    speed: 8,
    msPerCharacter: 65,
    audio: 'tone',
    audioDeltaMs: 250,
    lifetimeMs: null,
    pingEveryMs: null,
    unixSecondsAtZero,
    dialect: 'openai',
    ...given,
    latency: { ...realisticLatency, ...given.latency },
    faults: { ...noFaults, ...given.faults },
  };
}
