import type { Faults } from './faults.js';
import type { HostedServer } from './hosted-server.js';
import type { ServerOptions, ServerOptionsGiven } from './options.js';
import { completeOptions } from './options.js';
import type { Reply } from './reply.js';
import type { Action } from './schedule.js';
import type { Output } from './input.js';
import type { SessionConfig } from './session-config.js';
import type { Json, JsonObject } from './wire.js';

/**
 * One simulated server with at most one session. It is plain data: `structuredClone()` of it is an independent server.
 * `step()` changes it in place.
 */
export interface Server {
  readonly options: ServerOptions;
  faults: Faults;
  now: number;
  /** Counts ids made. */
  serial: number;
  /** Counts agenda entries made. */
  sequence: number;
  /** Scheduled actions, the soonest first; among equals, the oldest first. */
  agenda: Due[];
  /** The time of the last acknowledgement: acknowledgements keep the order of what they acknowledge. */
  acknowledgedUntil: number;
  connections: Connection[];
  session: Session | null;
  /** The ids of calls that are over. */
  endedCalls: readonly string[];
  /** Queued answers, in order; after them, answers are made up. */
  replies: Reply[];
  /** Hosted MCP servers, by label. */
  hosted: Readonly<Record<string, HostedServer>>;
  /** The outputs of the current step. Empty between steps. */
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
  /** The call that it is the session of. */
  readonly callId: string | null;
  readonly conversationId: string;
  readonly startedAt: number;
  readonly expiresAt: number;
  config: SessionConfig;
  items: Item[];
  /** The response that holds the default conversation's only slot. */
  slot: string | null;
  /** Responses that are accepted and not ended, out-of-band ones included. */
  responses: ActiveResponse[];
  buffer: InputBuffer;
  turn: Turn | null;
  callerBusyUntil: number;
  /** Whether a turn ended while the slot was taken, and waits for its answer. */
  turnWaits: boolean;
  /** Whether a bare cancel found nothing to cancel, and will cancel the next response. */
  cancelPending: boolean;
  assistantAudio: boolean;
  playing: Playing | null;
  /** What the last response read and produced; the common beginning is cached for the next one. */
  cache: readonly Stretch[];
  /** Counts events that stop the idle timeout. */
  activity: number;
  /** A transcript held back until the next one is sent. */
  heldTranscript: FinishedTranscript | null;
  transcriptCount: number;
  tokensLeft: number;
  /** Hosted calls that wait for a client's approval. */
  approvals: HostedRun[];
}

export interface Item {
  readonly id: string;
  wire: JsonObject;
  textTokens: number;
  /** Milliseconds of audio in the item: the user's, or what the model has produced. */
  audioMs: number;
  /** The text that was said or written. */
  said: string;
  /** Whether clients know the item. Events name only such an item as the previous one. */
  announced: boolean;
}

/** A part of what a model reads, with its token counts. The same key and counts mean the same stretch. */
export interface Stretch {
  readonly key: string;
  readonly text: number;
  readonly audio: number;
  readonly image: number;
}

export interface InputBuffer {
  /** Milliseconds of audio appended and not yet committed. */
  ms: number;
  /** Milliseconds appended in total. */
  totalMs: number;
  /** What the caller said into the buffer, by the script. */
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

/** `accepted`: holds the slot, not announced. `finishing`: its items are closed, its end is not announced. */
export type Phase = 'accepted' | 'created' | 'generating' | 'finishing';

export interface ActiveResponse {
  readonly id: string;
  readonly source: 'client' | 'vad' | 'idle';
  readonly outOfBand: boolean;
  phase: Phase;
  readonly settings: ResponseSettings;
  /** The ids of the items that it has seen. */
  sees: string[];
  reply: Reply | null;
  beats: Beat[];
  cursor: number;
  createdAt: number;
  output: OutputItem[];
}

/** The settings of a response: those of the request, otherwise the session's. */
export interface ResponseSettings {
  readonly modality: 'audio' | 'text';
  readonly maxOutputTokens: number | 'inf';
  readonly format: JsonObject;
  readonly voice: Json;
  readonly metadata: Json;
  /** The items in `response.input`; null: the conversation. */
  readonly input: readonly Json[] | null;
  readonly model: string;
  readonly instructions: string;
  readonly tools: readonly Json[];
}

export interface OutputItem {
  readonly id: string;
  readonly kind: 'message' | 'function_call' | 'mcp_call' | 'mcp_approval_request';
  /** Calls count as text. */
  readonly modality: 'audio' | 'text';
  readonly phase: string | null;
  readonly name: string;
  readonly callId: string;
  /** The state of a hosted call; null for other items. */
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

/** A hosted call that is running or waits for approval, and its item. */
export interface HostedRun {
  readonly call: HostedCall;
  readonly item: string;
  readonly response: string;
  readonly outputIndex: number;
  /** The item that asked for approval; null: none was needed. */
  readonly approval: string | null;
}

/** One step in producing an answer. `at` counts milliseconds from `response.created`. */
export type Beat = { readonly at: number } & (
  | { readonly does: 'open'; readonly item: number }
  | { readonly does: 'part'; readonly item: number }
  | { readonly does: 'text'; readonly item: number; readonly delta: string }
  | { readonly does: 'audio'; readonly item: number; readonly ms: number }
  | { readonly does: 'close'; readonly item: number; readonly status: 'completed' | 'incomplete' }
  | { readonly does: 'finish' }
);

/** Makes the server's machine. The options are not checked here. */
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
    endedCalls: [],
    replies: [],
    hosted: {},
    outputs: [],
  };
}
