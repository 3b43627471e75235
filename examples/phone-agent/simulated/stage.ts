import type { SimulatedSocket } from 'gated-realtime/simulator';
import type { SimulatedCaller } from './caller.js';
import type { CallLog, WireEvent } from './log.js';

const MS_PER_CHARACTER = 20;
const SHORTEST_MS = 300;

/** One scripted call: its participants, and the few actions that scripts need. */
export class Stage {
  readonly callSid: string;
  readonly model: SimulatedSocket;
  readonly caller: SimulatedCaller;
  readonly log: CallLog;
  readonly operator: Operator;
  /** The caller's current words, which become the transcript. */
  readonly #words: { said: string };

  constructor(parts: Pick<Stage, 'callSid' | 'model' | 'caller' | 'log' | 'operator'> & { words: { said: string } }) {
    this.callSid = parts.callSid;
    this.model = parts.model;
    this.caller = parts.caller;
    this.log = parts.log;
    this.operator = parts.operator;
    this.#words = parts.words;
  }

  /** The caller says this; resolves once the model's server has detected it. */
  async says(words: string): Promise<void> {
    this.#words.said = words;
    const heard = this.next('input_audio_buffer.committed');
    this.caller.speaks(Math.max(SHORTEST_MS, words.length * MS_PER_CHARACTER));
    await heard;
  }

  /** Resolves once the agent has said this, and the caller has heard `ms` of it; by default, all. */
  async hears(words: string, ms?: number): Promise<void> {
    const { item_id } = await this.log.until(
      ({ type, transcript }) => type === 'response.output_audio_transcript.done' && transcript === words,
    );
    const items = this.model.servers.flatMap(({ session }) => session?.items ?? []);
    const audioMs = items.find(({ id }) => id === item_id)?.audioMs ?? 0;
    await this.caller.playback.reached(`${item_id ?? ''} ${ms ?? audioMs}`);
  }

  /** Resolves once the call is over on all sides. */
  async over(): Promise<void> {
    const lastWords = await this.caller.ended;
    if (lastWords !== null) this.log.line(`Twilio: “${lastWords}”`);
    await this.log.over;
  }

  /** The next event of this type. */
  next(type: string): Promise<WireEvent> {
    return new Promise((resolve) => {
      const stop = this.log.onFrame(({ event }) => {
        if (event.type !== type) return;
        stop();
        resolve(event);
      });
    });
  }

  /** Makes the model's words depend on the tool's output; resolves with that output. */
  answersTool(reply: (output: string) => string): Promise<string> {
    return new Promise((resolve) => {
      const stop = this.log.onFrame(({ event: { item } }) => {
        if (item?.type !== 'function_call_output' || item.output === undefined) return;
        stop();
        const words = reply(item.output);
        this.model.says(words);
        resolve(words);
      });
    });
  }
}

export interface Operator {
  takesOver(): Promise<void>;
  leaves(): Promise<void>;
}
