import type { Faults } from './faults.js';
import type { Reply } from './reply.js';
import type { HostedServer } from './hosted-server.js';
import type { JsonObject, ServerFrame } from './wire.js';

/** What a connection brings with it. */
export interface Greeting {
  readonly connection: string;
  /** `?model=` */
  readonly model?: string;
  /** `?call_id=`: joins a call as a sideband, without `session.created`. */
  readonly callId?: string;
  /** `?intent=` */
  readonly intent?: string;
  /** Settings that the session begins with: those of its ephemeral key. */
  readonly session?: JsonObject;
  /** The key, without `Bearer`. */
  readonly apiKey?: string;
  /** The key is an ephemeral one, and this is what became of it. It needs not be among the keys that are let in. */
  readonly ephemeral?: 'valid' | 'expired';
  /** The `OpenAI-Beta` header was there. */
  readonly beta?: boolean;
}

/** What somebody on the phone does. `audioMs`: where in the input audio; left out, the clock decides. */
export type CallerDoes =
  | { readonly does: 'begins'; readonly audioMs?: number }
  | {
      readonly does: 'ends';
      readonly says?: string;
      readonly audioMs?: number;
      /** How much audio stays in the item; left out, the length of the turn. */
      readonly ms?: number;
    }
  | ({ readonly does: 'speaks' } & Utterance)
  | { readonly does: 'presses'; readonly key: string };

export interface Utterance {
  readonly says: string;
  /** From the moment it is noticed to the moment silence is. */
  readonly ms: number;
  /** Milliseconds of audio that it leaves in the item, where that is not how long it took. */
  readonly audioMs?: number;
  /** Milliseconds from now until it begins. */
  readonly afterMs?: number;
  /** The exact pieces of its transcript; `at` is in milliseconds after the beginning. */
  readonly transcript?: {
    readonly deltas: readonly { readonly at: number; readonly text: string }[];
    readonly doneAt: number;
  };
  /** The transcription fails with this code. */
  readonly transcriptionFails?: string;
}

/** One thing that happens to the server. `now` is in milliseconds and never goes back. */
export type Input = { readonly now: number } & (
  | ({ readonly type: 'connect' } & Greeting)
  /** A call begins, and nobody listens to it yet. */
  | ({ readonly type: 'call' } & Pick<Greeting, 'model' | 'session'>)
  /** One text frame of a client. */
  | { readonly type: 'text'; readonly connection: string; readonly text: string }
  /** One binary frame of a client. */
  | { readonly type: 'binary'; readonly connection: string }
  /** The client is gone. */
  | { readonly type: 'disconnect'; readonly connection: string }
  /** Time has passed: does what is due. `atMost` entries of the agenda, if given. */
  | { readonly type: 'tick'; readonly atMost?: number }
  | ({ readonly type: 'caller' } & CallerDoes)
  /** Queues an answer. */
  | { readonly type: 'reply'; readonly reply: Reply }
  /** A hosted MCP server is there. */
  | { readonly type: 'hosts'; readonly label: string; readonly hosted: HostedServer }
  | { readonly type: 'faults'; readonly faults: Partial<Faults> }
  /** The session reaches its end. */
  | { readonly type: 'expire' }
  /** The caller hangs up. */
  | { readonly type: 'hang-up' }
  /** Every socket dies without a close frame. */
  | { readonly type: 'die' }
  /** Any event, to every connection: what no rule would send. */
  | { readonly type: 'inject'; readonly event: ServerFrame }
);

export type Output =
  | { readonly type: 'frame'; readonly connection: string; readonly event: ServerFrame }
  /** `code` null: the socket ends without a close frame. */
  | { readonly type: 'close'; readonly connection: string; readonly code: number | null; readonly reason: string }
  /** The upgrade is refused with this HTTP status; there was never a socket. */
  | {
      readonly type: 'refuse';
      readonly connection: string;
      readonly status: number;
      readonly code: string;
      readonly message: string;
    }
  | { readonly type: 'ping'; readonly connection: string };
