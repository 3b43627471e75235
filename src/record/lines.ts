import type { ObservedStep } from '../../types/index.js';
import type { Answer, Effects, Input } from '../machine/index.js';
import type { AppendedLine, AudioPolicy, RecordedEffects, StepLine } from './format.js';
import type { Redactor } from './redact.js';

/** One step in the machine's own types. */
export interface Step extends Effects {
  readonly input: Input;
  readonly answers: readonly Answer[];
}

/** Casts an observed step, which is one of the machine's. */
export const asStep = (step: ObservedStep): Step => step as Step;

/** An audio delta with no other effect, as most frames are: it can be written later, because nothing in it changes. */
export interface AudioIn {
  readonly now: number;
  readonly bytes: number;
  readonly type: string;
  readonly response: unknown;
  readonly item: unknown;
  /** Null where audio is left out. */
  readonly base64: string | null;
}

type Frame = Extract<Input, { type: 'frame' }>;

export const isAudio = (input: Input): input is Frame => input.type === 'frame' && input.audioBytes > 0;

export const isQuiet = ({ answers, frames, notices, commands }: Step): boolean =>
  answers.length + frames.length + notices.length + commands.length === 0;

export function audioIn({ event, audioBytes, now }: Frame, audio: AudioPolicy): AudioIn {
  const { type, response_id, item_id, delta } = event;
  const base64 = audio === 'left-out' ? null : (delta as string);
  return { now, bytes: audioBytes, type, response: response_id, item: item_id, base64 };
}

/**
 * Builds the line of a step. Of incoming audio it has only what the machine reads; the caller adds the rest if it is
 * kept.
 */
export function lineOf({ input, answers, frames, notices, commands }: Step): StepLine {
  const out: RecordedEffects = {
    ...(frames.length > 0 && { frames }),
    ...(notices.length > 0 && { notices }),
    ...(commands.length > 0 && { commands }),
  };
  return {
    in: isAudio(input) ? withoutAudio(input) : input,
    ...(answers.length > 0 && { answers }),
    ...(Object.keys(out).length > 0 && { out }),
  };
}

function withoutAudio(input: Frame): Frame {
  const { type, response_id, item_id } = input.event;
  return { ...input, event: { type, response_id, item_id } };
}

/** Builds the line of an audio delta, with its hash or the audio itself. */
export function audioLine(step: StepLine, base64: string | null, how: AudioPolicy, hash: Hash): StepLine {
  if (base64 === null) return step;
  if (how === 'hashed') return { ...step, sha256: hash([base64]) };
  const frame = step.in as Frame;
  return { ...step, in: { ...frame, event: { ...frame.event, delta: base64 } } as Frame };
}

export function quietAudio({ now, bytes, type, response, item }: AudioIn): StepLine {
  const frame: Frame = {
    ...{ type: 'frame', audioBytes: bytes, now },
    event: { type, response_id: response, item_id: item },
  };
  return { in: frame };
}

/** Computes the SHA-256 of the bytes of base64 texts, concatenated. */
export type Hash = (texts: readonly string[]) => string;

export function redacted({ in: input, answers, out, ...rest }: StepLine, redactor: Redactor): StepLine {
  return {
    in: redactor.machine(input),
    ...(answers && { answers: redactor.machine(answers) }),
    ...(out && { out: redactedEffects(out, redactor) }),
    ...rest,
  };
}

const redactedEffects = ({ frames, notices, commands }: RecordedEffects, redactor: Redactor): RecordedEffects => ({
  ...(frames && { frames: redactor.events(frames) }),
  ...(notices && { notices: redactor.machine(notices) }),
  ...(commands && { commands: redactor.machine(commands) }),
});

// Audio that goes out ---------------------------------------------------------------------------------------------------

/** The audio sent since the last flush. */
export class Appended {
  #count = 0;
  #bytes = 0;
  #from = 0;
  #to = 0;
  #audio: string[] = [];
  readonly #how: AudioPolicy;

  constructor(how: AudioPolicy) {
    this.#how = how;
  }

  /** Counts one event, given its text. Returns the size of what is kept of it. */
  add(text: string, now: number): number {
    const padding = text.endsWith('=="}') ? 2 : text.endsWith('="}') ? 1 : 0;
    const length = text.length - BEFORE.length - AFTER.length;
    this.#bytes += (length / 4) * 3 - padding;
    if (this.#count === 0) this.#from = now;
    this.#count++;
    this.#to = now;
    if (this.#how === 'left-out') return 0;
    this.#audio.push(text.slice(BEFORE.length, -AFTER.length));
    return length;
  }

  get isAny(): boolean {
    return this.#count > 0;
  }

  /** Builds the line of the audio sent since the last flush; null: there was none. */
  take(hash: Hash): AppendedLine | null {
    if (this.#count === 0) return null;
    const [count, bytes, from, to, audio] = [this.#count, this.#bytes, this.#from, this.#to, this.#audio];
    this.#count = this.#bytes = 0;
    this.#audio = [];
    const kept = this.#how === 'hashed' ? { sha256: hash(audio) } : this.#how === 'kept' ? { audio } : {};
    return { appended: { count, bytes, from, to, ...kept } };
  }
}

const BEFORE = '{"type":"input_audio_buffer.append","audio":"';
const AFTER = '"}';
