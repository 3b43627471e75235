import { createHash, createHmac, randomBytes } from 'node:crypto';
import type { Clock, Ending, ObservedStep, Watch } from '../../types/index.js';
import type { AudioPolicy, ContentPolicy, RecordLine, StepLine } from './format.js';
import {
  Appended,
  asStep,
  type AudioIn,
  audioIn,
  audioLine,
  type Hash,
  isAudio,
  isQuiet,
  lineOf,
  quietAudio,
  redacted,
  type Step,
} from './lines.js';
import type { Parts } from './parts.js';
import { Redactor } from './redact.js';
import { Words } from './words.js';

export interface RecordingOptions {
  readonly audio: AudioPolicy;
  readonly content: ContentPolicy;
  readonly flushMs: number;
  /** How many characters may wait to be written. */
  readonly bound: number;
  readonly clock: Clock;
  /** Opens the files. */
  readonly open: () => Parts;
  /** Called when recording has failed and ends. */
  readonly failed: (error: Error) => void;
  /** Called when the recording will write nothing more. */
  readonly over: (recording: Recording) => void;
}

/** A step that waits to be written: an audio delta, or the JSON of any other step with the audio that it brought. */
type Waiting = AudioIn | { readonly json: string; readonly base64: string | null } | RecordLine;

/** The size counted for an audio delta whose audio is not kept, in characters. */
const DELTA = 200;

/** The record of one session. It serialises at once what may change later, and leaves the rest to the next flush. */
export class Recording implements Watch {
  readonly #options: RecordingOptions;
  readonly #redactor: Redactor;
  readonly #parts: Parts;
  readonly #appended: Appended;
  #waiting: Waiting[] = [];
  #weight = 0;
  #stopTimer: (() => void) | null = null;
  #state: 'recording' | 'ending' | 'over' = 'recording';

  constructor(options: RecordingOptions, redactor: Redactor) {
    this.#options = options;
    this.#redactor = redactor;
    this.#appended = new Appended(options.audio);
    this.#parts = options.open();
  }

  stepped(observed: ObservedStep): void {
    if (this.#state !== 'recording') return;
    const step = asStep(observed);
    const { input } = step;
    if (!isAudio(input)) return this.#addStep(step, null);
    const audio = audioIn(input, this.#options.audio);
    this.#weight += audio.base64?.length ?? 0;
    if (isQuiet(step)) this.#add(audio);
    else this.#addStep(step, audio.base64);
  }

  appended(text: string, now: number): void {
    if (this.#state !== 'recording') return;
    this.#weight += this.#appended.add(text, now);
    this.#arrange();
  }

  ended(ending: Ending): void {
    if (this.#state !== 'recording') return;
    this.#add({ ended: { ...ending } });
    this.#state = 'ending';
    void this.#flush();
  }

  /** Writes everything that waits synchronously, because the process is ending. */
  flushNow(): void {
    try {
      this.#parts.writeNow(this.#take());
    } catch {
      // Nobody is left to report the error to.
    }
  }

  /** Adds a step. If the step cannot be written, ends the record, because a gap would make it useless. */
  #addStep(step: Step, base64: string | null): void {
    try {
      this.#add({ json: JSON.stringify(lineOf(step)), base64 });
    } catch (error) {
      this.#giveUp(`A step cannot be written as JSON: ${(error as Error).message}.`);
    }
  }

  #add(waiting: Waiting): void {
    this.#waiting.push(waiting);
    this.#weight += 'json' in waiting ? waiting.json.length : DELTA;
    this.#arrange();
  }

  #arrange(): void {
    const { bound, clock, flushMs } = this.#options;
    if (this.#weight > bound) this.#giveUp(`More than ${bound.toLocaleString('en')} characters waited to be written.`);
    else this.#stopTimer ??= clock.after(flushMs, () => void this.#flush(), 'background');
  }

  /** Ends the record: what waits is still written, and the session is informed after the step in progress. */
  #giveUp(stopped: string): void {
    this.#waiting.push({ stopped });
    this.#state = 'ending';
    const error = new Error(`${stopped} Recording has stopped; the call goes on.`);
    queueMicrotask(() => {
      this.#options.failed(error);
      void this.#flush();
    });
  }

  async #flush(): Promise<void> {
    this.#unset();
    if (this.#state === 'over' || this.#parts.isBusy) return;
    try {
      while (this.#waits) await this.#parts.write(this.#take());
    } catch (error) {
      this.#state = 'over';
      this.#options.failed(sayFailed(error));
    }
    if (this.#state !== 'recording') this.#end();
  }

  /** Whether anything waits. While a flush was running, everything after it may have been dropped. */
  get #waits(): boolean {
    return this.#waiting.length > 0 || this.#appended.isAny;
  }

  #unset(): void {
    this.#stopTimer?.();
    this.#stopTimer = null;
  }

  #end(): void {
    this.#unset();
    this.#state = 'over';
    this.#waiting = [];
    try {
      this.#parts.close();
    } catch {
      // The bytes on the disk stay there.
    }
    this.#options.over(this);
  }

  /** Takes everything that waits, as lines. */
  #take(): string {
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#weight = 0;
    const appended = this.#appended.take(hashOf);
    const lines = waiting.map((each) => this.#lineOf(each));
    // Placed before the ending, which is the last line.
    if (appended) lines.splice(this.#state === 'recording' ? lines.length : lines.length - 1, 0, appended);
    return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  }

  #lineOf(waiting: Waiting): RecordLine {
    const { audio } = this.#options;
    if ('bytes' in waiting) return audioLine(quietAudio(waiting), waiting.base64, audio, hashOf);
    if (!('json' in waiting)) return waiting;
    const step = redacted(JSON.parse(waiting.json) as StepLine, this.#redactor);
    return audioLine(step, waiting.base64, audio, hashOf);
  }
}

const sayFailed = (cause: unknown): Error =>
  new Error(`The record cannot be written: ${(cause as Error).message}. Recording has stopped; the call goes on.`, {
    cause,
  });

const hashOf: Hash = (texts) => {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(Buffer.from(text, 'base64'));
  return hash.digest('hex');
};

/** Makes the redactor of one record. Its key is created here, and stored nowhere. */
export function redactorOf({ content, audio }: Pick<RecordingOptions, 'content' | 'audio'>): Redactor {
  const key = randomBytes(32);
  const words = new Words((text) => createHmac('sha256', key).update(text).digest());
  return new Redactor({ content, audio, words, hash: (base64) => hashOf([base64]) });
}
