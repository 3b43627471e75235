import type { AnySession, Ending, ToolRound, VerdictRecord } from 'gated-realtime';
import type { SocketFrame } from 'gated-realtime/simulator';

/** The fields of a frame between the agent and the model that the simulation reads. */
export interface Frame {
  readonly direction: 'to the model' | 'from the model';
  readonly atMs: number;
  readonly event: WireEvent;
}

export interface WireEvent {
  readonly type: string;
  readonly name?: string;
  readonly arguments?: string;
  readonly call_id?: string;
  readonly item_id?: string;
  readonly transcript?: string;
  readonly audio_end_ms?: number;
  readonly response?: {
    readonly id: string;
    readonly status?: string;
    readonly metadata?: { readonly gated_purpose?: string } | null;
    readonly status_details?: { readonly reason?: string; readonly error?: { readonly code?: string } } | null;
  };
  readonly item?: {
    readonly type: string;
    readonly status?: string;
    readonly call_id?: string;
    readonly output?: string;
  };
  readonly error?: { readonly code: string };
}

export interface Line {
  readonly atMs: number;
  readonly what: string;
}

/** Everything that happened in one call, as the simulated model and the simulated carrier saw it. */
export class CallLog {
  readonly frames: Frame[] = [];
  readonly lines: Line[] = [];
  readonly verdicts: VerdictRecord[] = [];
  readonly rounds: ToolRound[] = [];
  readonly faults: Error[] = [];
  /** How many frames have reached the model, audio included. */
  framesSent = 0;
  /** How many of them came after the call was over; null while it is not over. */
  framesTooLate: number | null = null;
  /** Resolves when the agent knows that the call is over, and frames then in flight have arrived. */
  readonly over: Promise<void>;
  /** How the session ended; null while it is open. */
  ending: Ending | null = null;
  readonly #beganAt = performance.now();
  readonly #pace: number;
  #isOver: () => void = () => undefined;
  readonly #listeners = new Set<(frame: Frame) => void>();

  /** Times are multiplied by `pace`, to give those of the call. */
  constructor(pace: number) {
    this.#pace = pace;
    this.over = new Promise((resolve) => {
      this.#isOver = resolve;
    });
  }

  /** The current time of the call, in milliseconds. */
  get nowMs(): number {
    return (performance.now() - this.#beganAt) * this.#pace;
  }

  frame({ direction, text }: SocketFrame): void {
    if (direction === 'sent') this.#countSent();
    // Most frames are audio, which is not logged.
    if (text.includes('"input_audio_buffer.append"') || text.includes('"response.output_audio.delta"')) return;
    const event = JSON.parse(text) as WireEvent;
    const frame: Frame = {
      direction: direction === 'sent' ? 'to the model' : 'from the model',
      atMs: this.nowMs,
      event,
    };
    this.frames.push(frame);
    const what = inWords(frame);
    if (what !== null) this.line(what);
    for (const listener of this.#listeners) listener(frame);
  }

  /** Follows the events of the agent's own session. */
  follow(session: AnySession, gone: AbortSignal): void {
    gone.addEventListener('abort', () => void this.#callIsOver());
    session.on('verdict', (verdict) => {
      this.verdicts.push(verdict);
      const { purpose, by, heldBy } = verdict;
      if (verdict.verdict === 'refuse') this.line(`   gate: ${purpose} is refused, ${by ?? ''}`);
      else if (heldBy.length > 0) this.line(`   gate: ${purpose} had to wait, ${heldBy.join(', ')}`);
    });
    session.on('tools', (round) => this.rounds.push(round));
    session.on('fault', (fault) => this.faults.push(fault));
    void session.closed.then((ending) => {
      this.ending = ending;
      this.line('the session is over');
    });
  }

  #countSent(): void {
    this.framesSent += 1;
    if (this.framesTooLate !== null) this.framesTooLate += 1;
  }

  /** Waits a few turns of the event loop, so that frames already in flight are read. */
  async #callIsOver(): Promise<void> {
    for (let turn = 0; turn < TURNS_ON_ITS_WAY; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    this.framesTooLate ??= 0;
    this.#isOver();
  }

  line(what: string): void {
    this.lines.push({ atMs: this.nowMs, what });
  }

  /** Calls `listener` for each frame from now on; returns a function that stops it. */
  onFrame(listener: (frame: Frame) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The first matching frame, past or future. */
  until(isSo: (event: WireEvent) => boolean): Promise<WireEvent> {
    const known = this.frames.find(({ event }) => isSo(event));
    if (known) return Promise.resolve(known.event);
    return new Promise((resolve) => {
      const stop = this.onFrame(({ event }) => {
        if (!isSo(event)) return;
        stop();
        resolve(event);
      });
    });
  }
}

const TURNS_ON_ITS_WAY = 5;

/** The words for a frame that a person would want to see; null for others. */
function inWords({ direction, event }: Frame): string | null {
  const { type, response, item } = event;
  if (direction === 'to the model') {
    if (item?.type === 'function_call_output') return `   the tool answers ${item.output ?? ''}`;
    if (type === 'conversation.item.truncate') return `   the agent was heard for ${event.audio_end_ms ?? 0} ms of it`;
    if (type === 'response.cancel') return '   the agent cancels what it is saying';
    return null;
  }
  if (type === 'input_audio_buffer.speech_started') return 'the caller begins to speak';
  if (type === 'conversation.item.input_audio_transcription.completed') return `caller: “${event.transcript ?? ''}”`;
  if (type === 'response.output_audio_transcript.done') return `agent:  “${event.transcript ?? ''}”`;
  if (type === 'response.function_call_arguments.done')
    return `   the model calls ${event.name ?? ''} ${event.arguments ?? ''}`;
  if (type === 'response.created')
    return `   response: ${response?.metadata?.gated_purpose ?? 'the answer to the turn'}`;
  if (type === 'response.done' && response?.status !== 'completed') return `   the response was ${unfinished(event)}`;
  if (type === 'error') return `   the model's server complains: ${event.error?.code ?? ''}`;
  return null;
}

const unfinished = ({ response }: WireEvent): string =>
  [response?.status, response?.status_details?.reason ?? response?.status_details?.error?.code].join(', ');
