/**
 * Law 13: what a machine was given is all that decides what it does. Each step becomes the line that a record has of it.
 * Loads no machine: what replaces the module of the machine is made with it.
 */
import type { Answer, Asking, Effects, Input, Rules, Session } from '../../src/machine/index.js';
import { lineOf } from '../../src/record/lines.js';
import type { Machine } from '../../src/record/replay.js';

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
