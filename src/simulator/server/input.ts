import type { TurnedAway } from './counted.js';
import type { Faults } from './faults.js';
import type { Reply } from './reply.js';
import type { HostedServer } from './hosted-server.js';
import type { JsonObject, ServerFrame } from './wire.js';

/** The parameters of a connection. */
export interface Greeting {
  readonly connection: string;
  /** From `?model=`. */
  readonly model?: string;
  /** From `?call_id=`: joins a call as a sideband, without `session.created`. */
  readonly callId?: string;
  /** From `?intent=`. */
  readonly intent?: string;
  /** The settings of its ephemeral key, with which the session begins. */
  readonly session?: JsonObject;
  /** The key, without `Bearer`. */
  readonly apiKey?: string;
  /** For an ephemeral key: whether it is valid. It need not be among `apiKeys`. */
  readonly ephemeral?: 'valid' | 'expired';
  /** Whether the `OpenAI-Beta` header was present. */
  readonly beta?: boolean;
  /** It is refused in any case, by whoever admits connections. */
  readonly turnedAway?: TurnedAway;
}

/** What the caller does. `audioMs`: the position in the input audio; by default the clock decides. */
export type CallerDoes =
  | { readonly does: 'begins'; readonly audioMs?: number }
  | {
      readonly does: 'ends';
      readonly says?: string;
      readonly audioMs?: number;
      /** How much audio the item keeps; by default the length of the turn. */
      readonly ms?: number;
    }
  | ({ readonly does: 'speaks' } & Utterance)
  | { readonly does: 'presses'; readonly key: string };

export interface Utterance {
  readonly says: string;
  /** From the detection of speech to the detection of silence. */
  readonly ms: number;
  /** Milliseconds of audio in the item, if different from `ms`. */
  readonly audioMs?: number;
  /** Milliseconds from now until the speech begins. */
  readonly afterMs?: number;
  /** The exact pieces of its transcript; `at` and `doneAt` count milliseconds from the beginning of speech. */
  readonly transcript?: {
    readonly deltas: readonly { readonly at: number; readonly text: string }[];
    readonly doneAt: number;
  };
  /** The code with which the transcription fails. */
  readonly transcriptionFails?: string;
}

/** One input of the server. `now` is in milliseconds and never decreases. */
export type Input = { readonly now: number } & (
  | ({ readonly type: 'connect' } & Greeting)
  /** A call begins, and nobody is connected to it yet. */
  | ({ readonly type: 'call' } & Pick<Greeting, 'model' | 'session' | 'callId'>)
  /** One text frame from a client. */
  | { readonly type: 'text'; readonly connection: string; readonly text: string }
  /** One binary frame from a client. */
  | { readonly type: 'binary'; readonly connection: string }
  /** The client has disconnected. */
  | { readonly type: 'disconnect'; readonly connection: string }
  /** Does what is due, at most `atMost` agenda entries if given. */
  | { readonly type: 'tick'; readonly atMost?: number }
  | ({ readonly type: 'caller' } & CallerDoes)
  /** Queues an answer. */
  | { readonly type: 'reply'; readonly reply: Reply }
  /** Adds a hosted MCP server. */
  | { readonly type: 'hosts'; readonly label: string; readonly hosted: HostedServer }
  | { readonly type: 'faults'; readonly faults: Partial<Faults> }
  /** The session reaches its maximum age. */
  | { readonly type: 'expire' }
  /** The caller hangs up. */
  | { readonly type: 'hang-up' }
  /** Every socket dies without a close frame. A call goes on. */
  | { readonly type: 'die' }
  /** The peer falls silent: nothing passes on the open connections any more, and none is closed. */
  | { readonly type: 'stall' }
  /** Sends any event to every connection, whether or not the real server would. */
  | { readonly type: 'inject'; readonly event: ServerFrame }
);

export type Output =
  | { readonly type: 'frame'; readonly connection: string; readonly event: ServerFrame }
  /** `code` null: the socket ends without a close frame. */
  | { readonly type: 'close'; readonly connection: string; readonly code: number | null; readonly reason: string }
  /** The upgrade is refused with this HTTP status, so there is no socket. */
  | {
      readonly type: 'refuse';
      readonly connection: string;
      readonly status: number;
      readonly code: string;
      readonly message: string;
      /** In milliseconds. */
      readonly afterMs: number;
    }
  /** Nothing passes any more, in neither direction. */
  | { readonly type: 'stall'; readonly connection: string }
  | { readonly type: 'ping'; readonly connection: string };
