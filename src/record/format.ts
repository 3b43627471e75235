import type { Ending, ObservedStep } from '../../types/index.js';

/** The version of the format that is written here. A reader refuses any other. */
export const FORMAT = 1;

/** What becomes of audio. Its length is always kept. */
export type AudioPolicy = 'left-out' | 'hashed' | 'kept';
/** What becomes of what was said and sent: replaced by text of the same shape, or kept. */
export type ContentPolicy = 'redacted' | 'kept';

/** The first line of each file of a record. */
export interface RecordHeader {
  /** The version of the format. */
  readonly gatedRealtime: typeof FORMAT;
  /** The version of the package that wrote it. */
  readonly package: string;
  /** Names the record: all its parts have the same. */
  readonly id: string;
  /** 1, 2, 3 …: a record that grows goes on in a file of the next number. */
  readonly part: number;
  /** When the session began, on the wall clock: ISO 8601. */
  readonly startedAt: string;
  /** The same on the session's own clock, as which every other time is given: milliseconds. */
  readonly clock: number;
  /** The model that was asked for; null where none was. */
  readonly model: string | null;
  /** The call that the session served; null where none was named. */
  readonly callId: string | null;
  readonly audio: AudioPolicy;
  readonly content: ContentPolicy;
  /** The rules that the machine begins with. */
  readonly rules: object;
}

/** What came of one step. What is empty is left out. */
export type RecordedEffects = Partial<Came>;
/** What came of one step: what it sent, what it settled and told, what it asked of the program around it. */
export type Came = Pick<ObservedStep, 'frames' | 'notices' | 'commands'>;

/** One step: what came in, what the user's own functions answered in it, and what came of it. */
export interface StepLine {
  readonly in: ObservedStep['input'];
  readonly answers?: ObservedStep['answers'];
  readonly out?: RecordedEffects;
  /** Of the bytes of an audio delta, where audio is hashed. */
  readonly sha256?: string;
}

/** Audio that went out between two flushes. */
export interface AppendedLine {
  readonly appended: {
    /** How many events. */
    readonly count: number;
    readonly bytes: number;
    /** When the first and the last of them went out. */
    readonly from: number;
    readonly to: number;
    /** Of their bytes, one after the other. */
    readonly sha256?: string;
    /** The base64 of each. */
    readonly audio?: readonly string[];
  };
}

/** The last line of a session that has ended. */
export interface EndedLine {
  readonly ended: Ending;
}

/** The last line where recording was given up before the session ended. */
export interface StoppedLine {
  readonly stopped: string;
}

export type RecordLine = StepLine | AppendedLine | EndedLine | StoppedLine;

/** A record, read. */
export interface CallRecord {
  /** Null where it was made out of plain Realtime events. */
  readonly header: RecordHeader | null;
  readonly rules: object;
  readonly steps: readonly StepLine[];
  readonly ending: Ending | null;
  /** What a reader should know: a torn last line, a record that ends early, what an import cannot know. */
  readonly remarks: readonly string[];
}

/** A step in which today's machine does otherwise. */
export interface StepDifference {
  /** Which step: the first is 0. */
  readonly step: number;
  /** Milliseconds since the session began. */
  readonly at: number;
  readonly input: StepLine['in'];
  /** What came of it when it was recorded. */
  readonly then: Came;
  /** What comes of it now. */
  readonly today: Came;
  /** What is asked now of the user's functions, and was not answered then. */
  readonly unanswered: readonly object[];
  /** What was answered then, and is not asked now. */
  readonly unasked: readonly object[];
  /** Where today's machine fails altogether: its error. What follows is not replayed. */
  readonly threw: Error | null;
}
