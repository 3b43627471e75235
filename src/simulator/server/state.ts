import type { Faults } from './faults.js';
import type { HostedServer } from './hosted-server.js';
import type { ServerOptions, ServerOptionsGiven } from './options.js';
import { completeOptions } from './options.js';
import type { Reply } from './reply.js';
import type { Action } from './agenda.js';
import type { Output } from './input.js';
import type { SessionConfig } from './session-config.js';
import type { Json, JsonObject } from './wire.js';

/**
 * One simulated server with at most one session. Plain data through and through: `structuredClone()` of it is another
 * server that goes its own way. `step()` changes it in place.
 */
export interface Server {
  readonly options: ServerOptions;
  faults: Faults;
  now: number;
  /** Counts ids. */
  serial: number;
  /** Counts agenda entries. */
  sequence: number;
  /** What is to be done, soonest first; among equals, oldest first. */
  agenda: Due[];
  /** Acknowledgements leave in the order of what they acknowledge: none before this time. */
  acknowledgedUntil: number;
  connections: Connection[];
  session: Session | null;
  /** What it will answer, in order; after that it makes something up. */
  replies: Reply[];
  /** Hosted MCP servers, by their labels. */
  hosted: Readonly<Record<string, HostedServer>>;
  /** What this step puts out. Empty between steps. */
  outputs: Output[];
}

export interface Due {
  readonly at: number;
  readonly sequence: number;
  readonly action: Action;
}

export interface Connection {
  readonly id: string;
  readonly kind: 'direct' | 'sideband';
  readonly openedAt: number;
  heardAt: number;
}

export interface Session {
  readonly id: string;
  readonly conversationId: string;
  readonly startedAt: number;
  readonly expiresAt: number;
  config: SessionConfig;
  items: Item[];
  /** The response that holds the default conversation's one slot. */
  slot: string | null;
  /** Accepted and not ended, out-of-band ones among them. */
  responses: ActiveResponse[];
  buffer: InputBuffer;
  turn: Turn | null;
  callerBusyUntil: number;
  /** A turn ended while the slot was taken, and waits for its answer. */
  turnWaits: boolean;
  /** A bare cancel found nothing to cancel, and will hit what comes next. */
  cancelPending: boolean;
  assistantAudio: boolean;
  playing: Playing | null;
  /** What the last response has read and made: what the next one has in common with it is in the cache. */
  cache: readonly Stretch[];
  /** Counts what disarms the idle timeout. */
  activity: number;
  /** Transcripts held back, to be sent after the next one. */
  heldTranscript: FinishedTranscript | null;
  transcriptCount: number;
  tokensLeft: number;
  /** Hosted calls that a client has been asked to approve. */
  approvals: HostedRun[];
}

export interface Item {
  readonly id: string;
  wire: JsonObject;
  textTokens: number;
  /** Milliseconds of audio in it: the user's, or what the model has produced. */
  audioMs: number;
  /** What was said or written in it. */
  said: string;
  /** Whether clients have been told of it. What they are told names no other as the one before. */
  announced: boolean;
}

/** Something that a model reads, and how many tokens it counts. The same key and counts: the same stretch. */
export interface Stretch {
  readonly key: string;
  readonly text: number;
  readonly audio: number;
  readonly image: number;
}

export interface InputBuffer {
  /** Milliseconds of audio appended and not yet committed. */
  ms: number;
  /** Milliseconds ever appended. */
  totalMs: number;
  /** What the caller said into it, by the script. */
  said: string | null;
}

export interface Turn {
  readonly itemId: string;
  readonly startedAt: number;
  readonly audioStartMs: number;
}

export interface Playing {
  readonly response: string;
  readonly item: string;
  readonly startedAt: number;
}

export interface FinishedTranscript {
  readonly item: string;
  readonly transcript: string;
  readonly ms: number;
}

/** Accepted: it holds the slot and nobody knows. Finishing: its items are closed, its end is not announced. */
export type Phase = 'accepted' | 'created' | 'generating' | 'finishing';

export interface ActiveResponse {
  readonly id: string;
  readonly source: 'client' | 'vad' | 'idle';
  readonly outOfBand: boolean;
  phase: Phase;
  readonly settings: ResponseSettings;
  /** The items it has seen. */
  sees: string[];
  reply: Reply | null;
  beats: Beat[];
  cursor: number;
  createdAt: number;
  output: OutputItem[];
}

/** What a response was asked to be; the session's settings where nothing was asked. */
export interface ResponseSettings {
  readonly modality: 'audio' | 'text';
  readonly maxOutputTokens: number | 'inf';
  readonly format: JsonObject;
  readonly voice: Json;
  readonly metadata: Json;
  /** Items given in `response.input`; null: the conversation. */
  readonly input: readonly Json[] | null;
  readonly model: string;
  readonly instructions: string;
  readonly tools: readonly Json[];
}

export interface OutputItem {
  readonly id: string;
  readonly kind: 'message' | 'function_call' | 'mcp_call' | 'mcp_approval_request';
  /** Calls are text. */
  readonly modality: 'audio' | 'text';
  readonly phase: string | null;
  readonly name: string;
  readonly callId: string;
  /** What becomes of a call of a hosted tool. */
  readonly hosted: HostedCall | null;
  previousId: string | null;
  open: boolean;
  hasPart: boolean;
  text: string;
  audioMs: number;
  tokens: number;
  status: 'in_progress' | 'completed' | 'incomplete';
}

/** A call of a hosted MCP server's tool. */
export interface HostedCall {
  readonly server: string;
  readonly name: string;
  readonly args: string;
  readonly tookMs: number;
  readonly output: string | null;
  readonly error: string | null;
}

/** A hosted call that runs, or waits to be approved, and the item that tells of it. */
export interface HostedRun {
  readonly call: HostedCall;
  readonly item: string;
  readonly response: string;
  readonly outputIndex: number;
  /** The item that asked for approval; null where none was needed. */
  readonly approval: string | null;
}

/** One step in the making of an answer. `at` is in milliseconds after `response.created`. */
export type Beat = { readonly at: number } & (
  | { readonly does: 'open'; readonly item: number }
  | { readonly does: 'part'; readonly item: number }
  | { readonly does: 'text'; readonly item: number; readonly delta: string }
  | { readonly does: 'audio'; readonly item: number; readonly ms: number }
  | { readonly does: 'close'; readonly item: number; readonly status: 'completed' | 'incomplete' }
  | { readonly does: 'finish' }
);

/**
 * Makes the server's machine: pure, without a clock or a socket. Drive it by `step()`.
 *
 * @example
 * ```ts
 * const machine = createServer({ seed: 7 });
 * const outputs = step(machine, { type: 'connect', now: 0, connection: 'c1', model: 'gpt-realtime-2.1' });
 * ```
 */
export function createServer(given: ServerOptionsGiven = {}): Server {
  const options = completeOptions(given);
  return {
    options,
    faults: options.faults,
    now: 0,
    serial: 0,
    sequence: 0,
    agenda: [],
    acknowledgedUntil: 0,
    connections: [],
    session: null,
    replies: [],
    hosted: {},
    outputs: [],
  };
}
