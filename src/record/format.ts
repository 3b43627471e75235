import type { Ending, ObservedStep } from '../../types/index.js';

/** The version of the format that this package writes. It reads no other. */
export const FORMAT = 1;

/** What is recorded of audio. Its length is always recorded. */
export type AudioPolicy = 'left-out' | 'hashed' | 'kept';
/** Whether what was said and sent is replaced by text of the same shape (`redacted`), or kept. */
export type ContentPolicy = 'redacted' | 'kept';

/** The first line of each file of a record. */
export interface RecordHeader {
  /** The version of the format. */
  readonly gatedRealtime: typeof FORMAT;
  /** The version of the package that wrote the record. */
  readonly package: string;
  /** The id of the record, the same in all its parts. */
  readonly id: string;
  /** The number of this part: 1, 2, 3 … */
  readonly part: number;
  /** The wall-clock time at which the session began, in ISO 8601. */
  readonly startedAt: string;
  /** The same moment on the session's clock, in milliseconds, on which all other times are given. */
  readonly clock: number;
  /** The requested model; null: none. */
  readonly model: string | null;
  /** The id of the call that the session served; null: none was given. */
  readonly callId: string | null;
  readonly audio: AudioPolicy;
  readonly content: ContentPolicy;
  /** The machine's initial rules. */
  readonly rules: object;
}

/** The effects of one step; empty lists are left out. */
export type RecordedEffects = Partial<Came>;
/** The effects of one step: frames sent, notices given, commands to the program around the machine. */
export type Came = Pick<ObservedStep, 'frames' | 'notices' | 'commands'>;

/** One step: the input, the answers of the user's functions, and the effects. */
export interface StepLine {
  readonly in: ObservedStep['input'];
  readonly answers?: ObservedStep['answers'];
  readonly out?: RecordedEffects;
  /** The hash of an audio delta's bytes, where audio is hashed. */
  readonly sha256?: string;
}

/** The audio sent between two flushes. */
export interface AppendedLine {
  readonly appended: {
    /** How many events. */
    readonly count: number;
    readonly bytes: number;
    /** When the first and the last event were sent. */
    readonly from: number;
    readonly to: number;
    /** The hash of all their bytes, concatenated. */
    readonly sha256?: string;
    /** The base64 of each event. */
    readonly audio?: readonly string[];
  };
}

/** The last line of a session that has ended. */
export interface EndedLine {
  readonly ended: Ending;
}

/** The last line if recording was given up before the session ended. */
export interface StoppedLine {
  readonly stopped: string;
}

export type RecordLine = StepLine | AppendedLine | EndedLine | StoppedLine;

/** A record that has been read. */
export interface CallRecord {
  /** Null if the record was imported from plain Realtime events. */
  readonly header: RecordHeader | null;
  readonly rules: object;
  readonly steps: readonly StepLine[];
  readonly ending: Ending | null;
  /** Remarks for the reader: a torn last line, a record that ends early, facts that an import cannot know. */
  readonly remarks: readonly string[];
}

/** A step in which today's machine acts differently. */
export interface StepDifference {
  /** The index of the step, from 0. */
  readonly step: number;
  /** Milliseconds since the session began. */
  readonly at: number;
  readonly input: StepLine['in'];
  /** The recorded effects. */
  readonly then: Came;
  /** The effects today. */
  readonly today: Came;
  /** Questions to the user's functions that the record has no answer for. */
  readonly unanswered: readonly object[];
  /** Recorded answers that today's machine does not ask for. */
  readonly unasked: readonly object[];
  /** The error if today's machine throws; the later steps are not replayed. Null: it does not. */
  readonly threw: Error | null;
}
