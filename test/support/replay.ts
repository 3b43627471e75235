/**
 * Law 13: what a machine was given is all that decides what it does. Each step becomes the line that a record has of it, and
 * is folded again through another machine.
 */
import { createHmac } from 'node:crypto';
import type { Answer, Asking, Effects, Input, Rules, Session } from '../../src/machine/index.js';
import { explain } from '../../src/record/decisions.js';
import type { CallRecord, StepLine } from '../../src/record/format.js';
import { lineOf, redacted } from '../../src/record/lines.js';
import { Redactor } from '../../src/record/redact.js';
import { replayThrough, type Machine } from '../../src/record/replay.js';
import { Words } from '../../src/record/words.js';

export type { Machine };

/** The lines of a machine, as they are written. */
export interface Recording {
  readonly rules: string;
  readonly steps: string[];
}

/** Sees each step of each machine: before it, its input; after it, its effects. */
export interface Witness {
  before?(session: Session, input: Input): void;
  after?(session: Session, input: Input, effects: Effects): void;
}

/** A machine whose every step is recorded. What it tells its witnesses changes nothing. */
export class Recorder implements Machine {
  readonly recordings: Recording[] = [];
  readonly witnesses = new Set<Witness>();
  /** What is recorded, itself unrecorded. */
  readonly machine: Machine;
  readonly #of = new WeakMap<Session, Recording>();

  constructor(machine: Machine) {
    this.machine = machine;
  }

  /** Forgets what has been recorded; machines that go on are recorded no more. */
  forget(): void {
    this.recordings.length = 0;
  }

  readonly createSession = (rules: Rules): Session => {
    const session = this.machine.createSession(rules);
    const recording: Recording = { rules: JSON.stringify(rules), steps: [] };
    this.#of.set(session, recording);
    this.recordings.push(recording);
    return session;
  };

  readonly step = (session: Session, input: Input, ask: Asking): Effects => {
    for (const witness of this.witnesses) witness.before?.(session, input);
    const answers: Answer[] = [];
    const asked: Asking = (question) => {
      const answer = ask(question);
      answers.push(answer);
      return answer;
    };
    const effects = this.machine.step(session, input, asked);
    this.#of.get(session)?.steps.push(JSON.stringify(lineOf({ input, answers, ...pick(effects) })));
    for (const witness of this.witnesses) witness.after?.(session, input, effects);
    return effects;
  };
}

const pick = ({ frames, notices, commands }: Effects): Effects => ({ frames, notices, commands });

/** A recording, read. */
export function read({ rules, steps }: Recording): CallRecord {
  const began = { startedAt: '', clock: 0, model: null, callId: null, audio: 'left-out', content: 'kept' } as const;
  const header = {
    gatedRealtime: 1,
    package: '',
    id: '',
    part: 1,
    ...began,
    rules: JSON.parse(rules) as Rules,
  } as const;
  const lines = steps.map((step) => JSON.parse(step) as StepLine);
  return { header, rules: header.rules, steps: lines, ending: null, remarks: [] };
}

/** The same, redacted. */
export function readRedacted(recording: Recording): CallRecord {
  const words = new Words((text) => createHmac('sha256', 'a key').update(text).digest());
  const redactor = new Redactor({ content: 'redacted', audio: 'left-out', words, hash: () => '' });
  const { rules, steps, ...record } = read(recording);
  return { ...record, rules: redactor.machine(rules), steps: steps.map((step) => redacted(step, redactor)) };
}

/** Folds a record through a machine that has seen nothing, and says where it first does otherwise; null: nowhere. */
export function replayed(machine: Machine, record: CallRecord): string | null {
  const [first] = replayThrough(machine, record).differences;
  return first ? `L13: ${explain(first)}` : null;
}

/** Everything that has been recorded, replayed. */
export const replayAll = (machine: Machine, recordings: readonly Recording[]): readonly string[] =>
  recordings.flatMap((recording) => replayed(machine, read(recording)) ?? []);

/** The same of what is left of it once it is redacted. */
export const replayAllRedacted = (machine: Machine, recordings: readonly Recording[]): readonly string[] =>
  recordings.flatMap((recording) => replayed(machine, readRedacted(recording)) ?? []);
